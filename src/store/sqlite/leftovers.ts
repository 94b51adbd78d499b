import { randomBytes } from 'node:crypto'
import { type Entry, UNDO_AFTER_MS } from '../../domain/mailbox.ts'
import { SEEN_MS, type Session } from '../../domain/session.ts'
import type { Leftovers } from '../store.ts'
import { post } from './mailbox-moves.ts'
import type { Tables } from './tables/index.ts'

const HOUR_MS = 3_600_000
/** Stands among the seen ids of the session whose conversation is closed again. */
const AGAIN = 'again'

/** Sessions that are over and hold an `undo`, one for each desk that may have carried out the opening of `id`. */
export function leaveBehind(tables: Tables, id: string, { leftovers = [] }: Leftovers, now: number): void {
  const session = leftovers.length > 0 ? tables.sessions.byId(id)?.session : undefined
  if (!session) return
  const { conversation: _, agent: __, ending: ___, ...opening } = session
  for (const desk of leftovers) leaveOne(tables, { ...opening, desk }, id, now)
}

/** See `Store.closeAgain`. */
export function createCloseAgain(tables: Tables) {
  return (session: Session, now: number): void => {
    const { seen, sessions } = tables
    if (!sessions.byId(session.id) || seen.addedAt(session.id, 'to_agent', AGAIN) > now - HOUR_MS) return
    seen.add(session.id, 'to_agent', AGAIN, now)
    leaveOne(tables, session, session.id, now)
  }
}

function leaveOne(tables: Tables, of: Session, id: string, now: number): void {
  const { desk } = of
  if (desk === undefined) return
  const ending = { at: now, reason: 'failed' as const }
  const session: Session = { ...of, id: randomBytes(16).toString('base64url'), state: 'ended', ending }
  const undo: Entry = { id: 'undo', at: now, kind: 'undo', desk, of: id }
  tables.sessions.insert(session, now + SEEN_MS)
  tables.mailboxes.create(session.id, 'to_client')
  const box = tables.mailboxes.create(session.id, 'to_agent')
  post(tables, box, [undo], now + UNDO_AFTER_MS)
  tables.mailboxes.save(box)
}
