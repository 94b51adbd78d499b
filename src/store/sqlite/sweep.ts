import type { Due, StoreOptions } from '../store.ts'
import { removeSession, type Tables } from './tables/index.ts'

const DAY_MS = 24 * 3_600_000

/** See `Store.due`. What is past its keeping is removed on the way: this is the one call that always comes again. */
export function createDue(tables: Tables, { deadLetterTtlMs }: StoreOptions) {
  const { mailboxes, sessions, seen, deadLetters } = tables
  return (now: number, limit: number): Due[] => {
    seen.prune(now)
    deadLetters.prune(now - deadLetterTtlMs)
    const due = mailboxes.due(now, limit)
    for (const session of sessions.due(now, limit)) due.push({ kind: 'session', session })
    for (const session of sessions.looks(now, limit)) due.push({ kind: 'look', session })
    return due
  }
}

/** See `Store.forget`. */
export function createForget(tables: Tables) {
  return (id: string, now: number): void => {
    const { sessions, mailboxes, deadLetters } = tables
    if (sessions.byId(id)?.session.state !== 'ended') return
    const { to_agent, to_client } = mailboxes.waitingOf(id)
    if (to_agent + to_client > 0 || deadLetters.areOwed(id)) sessions.setDue(id, now + DAY_MS)
    else removeSession(tables, id)
  }
}
