import type { Direction } from '../../domain/mailbox.ts'
import type { Ending, Session } from '../../domain/session.ts'
import { isOfAnEarlierClient, SEEN_MS } from '../../domain/session.ts'
import type { Acceptance, Address, Fate, Letter, StoreOptions, Work } from '../store.ts'
import { append, takeTurn, toWork } from './mailbox-moves.ts'
import { isFenced, keepReading } from './reading.ts'
import { withChange } from './session-change.ts'
import { deadLetterId } from './tables/dead-letters.ts'
import type { Tables } from './tables/index.ts'
import type { SessionRow } from './tables/sessions.ts'

/** See `Store.accept`. */
export function createAccept(tables: Tables, options: StoreOptions) {
  return (letter: Letter, now: number): Acceptance => {
    const row = find(tables, letter)
    if (!row) return { outcome: 'no-session' }
    const { session } = row
    if (isFenced(tables, session.id, letter)) return { outcome: 'fenced', session }
    if (isRepeat(tables, session, letter, now)) {
      keepReading(tables, session.id, letter)
      return { outcome: 'repeat', session, fate: fateOf(tables, session.id, letter.direction, letter.dedupe) }
    }
    if (session.state === 'ended' && !isOwed(letter, session.ending)) {
      noteClosing(tables, row, letter)
      return { outcome: 'ended', session }
    }
    if (letter.ending && session.state === 'opening' && letter.to.by === 'conversation') {
      return { outcome: 'opening', session }
    }
    keepReading(tables, session.id, letter)
    remember(tables, session, letter, now)
    const changed = change(tables, options, row, letter, now)
    return { outcome: 'accepted', session: changed, ...enqueue(tables, options, changed, letter, now) }
  }
}

function find(tables: Tables, letter: Letter): SessionRow | undefined {
  const { to } = letter
  const { sessions } = tables
  if (to.by === 'client') return sessions.byClient(to.userid)
  if (to.by === 'session') return sessions.byId(to.session)
  const bound = sessions.byConversation(to.desk, to.conversation)
  const hinted = to.client === undefined ? undefined : sessions.byClient(to.client)
  if (hinted && isBoundTo(hinted, to)) return hinted
  if (hinted && isFreeFor(hinted, bound) && isOpenedAt(tables, hinted, to.desk)) return hinted
  return bound && isOfAnEarlierClient(bound.session, to.client, letter.saidAt) ? undefined : bound
}

function isBoundTo({ session }: SessionRow, to: Extract<Address, { by: 'conversation' }>): boolean {
  return session.desk === to.desk && session.conversation?.id === to.conversation
}

/** A conversation of another client is never meant, whomever the desk names; an old one of this client may serve again. */
function isFreeFor(hinted: SessionRow, bound: SessionRow | undefined): boolean {
  return bound === undefined || bound.session.client.uuid === hinted.session.client.uuid
}

/** Still opening, and this is one of the desks that are asked to. */
function isOpenedAt({ entries }: Tables, { session }: SessionRow, desk: string): boolean {
  if (session.state !== 'opening') return false
  const head = entries.head({ session: session.id, direction: 'to_agent' })?.entry
  return head?.kind === 'open' && head.opening.desks.includes(desk)
}

function isRepeat({ seen }: Tables, session: Session, { dedupe, direction }: Letter, now: number): boolean {
  return dedupe !== undefined && seen.has(session.id, direction, dedupe, now)
}

/** See `Store.fateOf`. */
export function fateOf(
  { entries, deadLetters }: Tables,
  session: string,
  direction: Direction,
  entry = '',
): Fate {
  if (entries.waits({ session, direction }, entry)) return 'waiting'
  const grave = deadLetters.load(deadLetterId(session, direction, entry))
  return grave && !grave.replayed ? 'dead' : 'settled'
}

/** What the agent wrote before closing is owed to the client, however late it comes. */
function isOwed({ direction, ending, saidAt }: Letter, ended: Ending | undefined): boolean {
  if (direction !== 'to_client' || ending || saidAt === undefined) return false
  return ended?.deskAt !== undefined && saidAt <= ended.deskAt
}

/** The desk says that it is over there, too. */
function noteClosing({ sessions }: Tables, row: SessionRow, { direction, ending }: Letter): void {
  const { session } = row
  if (!ending || !session.ending || direction !== 'to_client') return
  sessions.save({ ...row, session: { ...session, ending: { ...session.ending, closedThere: true } } })
}

function remember({ seen }: Tables, session: Session, { dedupe, direction }: Letter, now: number): void {
  if (dedupe !== undefined) seen.add(session.id, direction, dedupe, now)
}

/** The session as the letter leaves it. An ended one stays as it is, and is remembered no longer for a late letter. */
function change(
  { sessions }: Tables,
  { sessionTtlMs }: StoreOptions,
  row: SessionRow,
  letter: Letter,
  now: number,
): Session {
  if (row.session.state === 'ended') return row.session
  const changed = applyEnding(applyChange(row, letter), letter)
  if (changed !== row) sessions.save(changed)
  sessions.setDue(row.session.id, now + (letter.ending ? SEEN_MS : sessionTtlMs))
  if (letter.ending) sessions.setLook(row.session.id, null)
  return changed.session
}

function applyChange(row: SessionRow, { change }: Letter): SessionRow {
  if (!change) return row
  if (row.session.state === 'opening') return { ...row, early: withChange(row.early, change) }
  return { ...row, session: withChange(row.session, change) }
}

function applyEnding(row: SessionRow, { ending }: Letter): SessionRow {
  if (!ending) return row
  return { ...row, session: { ...row.session, state: 'ended', ending } }
}

/** Whoever fills an empty mailbox has the turn at once. */
function enqueue(
  tables: Tables,
  { leaseMs }: StoreOptions,
  session: Session,
  { direction, entries: added }: Letter,
  now: number,
): { work?: Work; retryAt?: number } {
  const box = tables.mailboxes.load(session.id, direction)
  if (!box) return {}
  const { dueAt } = box
  const [first] = added
  if (first && dueAt === null) takeTurn(box, now + leaseMs)
  if (first) {
    append(tables, box, added)
    tables.mailboxes.save(box)
  }
  if (dueAt !== null) return box.until === 0 ? { retryAt: dueAt } : {}
  return first ? { work: toWork(session, box, first) } : {}
}
