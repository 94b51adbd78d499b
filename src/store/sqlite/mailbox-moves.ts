import type { Direction, Entry } from '../../domain/mailbox.ts'
import type { Session } from '../../domain/session.ts'
import type { Work } from '../store.ts'
import type { Tables } from './tables/index.ts'
import type { Mailbox } from './tables/mailboxes.ts'

/** Gives the mailbox to a new worker, over whoever had it before: a turn that nobody gave back was an attempt that failed. */
export function takeTurn(box: Mailbox, until: number): void {
  if (box.until > 0) box.count += 1
  box.fence += 1
  hold(box, until)
}

export function hold(box: Mailbox, until: number): void {
  box.until = until
  box.dueAt = until
}

/** Nobody has the turn any more; `dueAt` null when there is nothing left to do. */
export function release(box: Mailbox, dueAt: number | null): void {
  box.until = 0
  box.dueAt = dueAt
}

/** Appends without changing whose turn it is or when it is looked at. */
export function append({ entries, tallies }: Tables, box: Mailbox, added: Entry[]): void {
  for (const entry of added) entries.append(box, entry)
  tallies.add(box.session, box.direction, 'accepted', added.length)
  box.waiting += added.length
}

/** Appends for whoever comes next: a mailbox that had nothing to do is due at `dueAt`. */
export function post(tables: Tables, box: Mailbox, added: Entry[], dueAt: number): void {
  if (box.waiting === 0) box.dueAt = dueAt
  append(tables, box, added)
}

/** `post` into the mailbox of that session and direction. */
export function postTo(
  tables: Tables,
  session: string,
  direction: Direction,
  entry: Entry,
  now: number,
): void {
  const box = tables.mailboxes.load(session, direction)
  if (!box) return
  post(tables, box, [entry], now)
  tables.mailboxes.save(box)
}

/** What the holder of the turn is given to do. */
export function toWork(session: Session, box: Mailbox, head: Entry): Work {
  const { direction, fence, count, told } = box
  return { session, turn: { session: session.id, direction, fence }, head, attempts: { count, told } }
}

export function opposite(direction: Direction): Direction {
  return direction === 'to_agent' ? 'to_client' : 'to_agent'
}
