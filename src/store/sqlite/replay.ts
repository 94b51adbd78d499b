import type { Replay, StoreOptions } from '../store.ts'
import { post } from './mailbox-moves.ts'
import type { Tables } from './tables/index.ts'

/** See `Store.replay`. */
export function createReplay(tables: Tables, { deadLetterTtlMs }: StoreOptions) {
  const { sessions, mailboxes, deadLetters } = tables
  return (id: string, now: number): Replay => {
    const grave = deadLetters.load(id)
    if (!grave || grave.at < now - deadLetterTtlMs) return 'unknown'
    if (grave.replayed) return 'already-replayed'
    const state = sessions.byId(grave.session)?.session.state
    const box = mailboxes.load(grave.session, grave.direction)
    if (!box || (grave.direction === 'to_agent' && state === 'ended')) return 'session-ended'
    post(tables, box, [grave.entry], now)
    mailboxes.save(box)
    deadLetters.markReplayed(id)
    return 'replayed'
  }
}
