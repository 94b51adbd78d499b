import type { Entry } from '../../domain/mailbox.ts'
import { SEEN_MS } from '../../domain/session.ts'
import type { Consequences } from '../store.ts'
import { opposite, post, postTo } from './mailbox-moves.ts'
import { deadLetterId } from './tables/dead-letters.ts'
import type { Tables } from './tables/index.ts'
import type { Mailbox } from './tables/mailboxes.ts'

/** Keeps the entry as a dead letter; the attempt that just failed counts. */
export function bury(
  { sessions, deadLetters }: Tables,
  box: Mailbox,
  entry: Entry,
  reason: string,
  now: number,
): void {
  const session = sessions.byId(box.session)?.session
  deadLetters.put({
    id: deadLetterId(box.session, box.direction, entry.id),
    session: box.session,
    direction: box.direction,
    desk: session?.desk ?? '',
    userid: session?.client.uuid ?? '',
    conversation: session?.conversation?.id ?? '',
    reason,
    attempts: box.count + 1,
    at: now,
    entry,
    replayed: false,
  })
}

/** Words to the other side, unless the same were told before. */
export function tellOnce(tables: Tables, box: Mailbox, tell: Entry, now: number): void {
  const direction = opposite(box.direction)
  if (tables.seen.has(box.session, direction, tell.id, now)) return
  tables.seen.add(box.session, direction, tell.id, now)
  postTo(tables, box.session, direction, tell, now)
}

/** What is done with the removal of the head of `box`, which the caller saves. */
export function applyConsequences(
  tables: Tables,
  box: Mailbox,
  { tell, ending, handBack }: Consequences,
  now: number,
): void {
  if (tell) tellOnce(tables, box, tell, now)
  const row = ending && tables.sessions.byId(box.session)
  if (!row || row.session.state === 'ended') return
  tables.sessions.save({ ...row, session: { ...row.session, state: 'ended', ending } })
  tables.sessions.setDue(box.session, now + SEEN_MS)
  tables.sessions.setLook(box.session, null)
  if (!handBack) return
  if (box.direction === 'to_client') post(tables, box, [handBack], now)
  else postTo(tables, box.session, 'to_client', handBack, now)
}
