import type { Direction, Turn } from '../../domain/mailbox.ts'
import type { StoreOptions, Work } from '../store.ts'
import { hold, takeTurn, toWork } from './mailbox-moves.ts'
import type { Tables } from './tables/index.ts'

/** See `Store.claim`. */
export function createClaim({ mailboxes, entries, sessions }: Tables, { leaseMs }: StoreOptions) {
  return (session: string, direction: Direction, now: number): Work | undefined => {
    const box = mailboxes.load(session, direction)
    if (!box || box.dueAt === null || box.dueAt > now || box.until > now) return undefined
    const head = entries.head(box)
    const row = sessions.byId(session)
    if (!head || !row) return undefined
    takeTurn(box, now + leaseMs)
    mailboxes.save(box)
    return toWork(row.session, box, head.entry)
  }
}

/** See `Store.renew`. A turn that ran out is still good while nobody has taken it over. */
export function createRenew({ mailboxes }: Tables, { leaseMs }: StoreOptions) {
  return (turn: Turn, now: number): boolean => {
    const box = mailboxes.load(turn.session, turn.direction)
    if (!box || box.fence !== turn.fence || box.until === 0) return false
    hold(box, now + leaseMs)
    mailboxes.save(box)
    return true
  }
}
