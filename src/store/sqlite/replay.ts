import type { Entry } from '../../domain/mailbox.ts'
import type { Replay, StoreOptions } from '../store.ts'
import { post } from './mailbox-moves.ts'
import type { Tables } from './tables/index.ts'

/** What may still be put right at a desk when the session is over. */
const REPLAYED_LATER = new Set<Entry['kind']>(['close', 'undo'])

/** See `Store.replay`. */
export function createReplay(tables: Tables, { deadLetterTtlMs }: StoreOptions) {
  const { sessions, mailboxes, deadLetters } = tables
  return (id: string, now: number): Replay => {
    const grave = deadLetters.load(id)
    if (!grave || grave.at < now - deadLetterTtlMs) return 'unknown'
    if (grave.replayed) return 'already-replayed'
    const isOver =
      sessions.byId(grave.session)?.session.state === 'ended' && !REPLAYED_LATER.has(grave.entry.kind)
    const box = mailboxes.load(grave.session, grave.direction)
    if (!box || (grave.direction === 'to_agent' && isOver)) return 'session-ended'
    // Accepted anew: it has its whole time before it.
    post(tables, box, [{ ...grave.entry, at: now }], now)
    mailboxes.save(box)
    deadLetters.markReplayed(id)
    return 'replayed'
  }
}
