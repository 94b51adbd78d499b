import type { Entry, Turn } from '../../domain/mailbox.ts'
import type { Became } from '../../domain/tally.ts'
import type { Consequences, Outcome, Settlement, StoreOptions } from '../store.ts'
import { bind } from './bind.ts'
import { applyConsequences, bury, tellOnce } from './consequences.ts'
import { leaveBehind } from './leftovers.ts'
import { lookLater } from './look.ts'
import { hold, release, toWork } from './mailbox-moves.ts'
import { scrubIfOver } from './scrub.ts'
import type { Head } from './tables/entries.ts'
import { removeSession, type Tables } from './tables/index.ts'
import type { Mailbox } from './tables/mailboxes.ts'

type Retry = Extract<Outcome, { kind: 'retry' }>

/** See `Store.settle`. */
export function createSettle(tables: Tables, options: StoreOptions) {
  return (turn: Turn, entry: Entry, outcome: Outcome, now: number): Settlement => {
    const box = tables.mailboxes.load(turn.session, turn.direction)
    // An abandoned session took its mailbox along: a repeat finds none.
    if (!box && outcome.kind === 'abandoned') return { outcome: 'settled' }
    if (!box || box.fence !== turn.fence) return { outcome: 'fenced' }
    const head = tables.entries.head(box)
    // Released, or moved on: this was settled already and its answer lost.
    if (box.until === 0 || head?.entry.id !== entry.id) return proceed(tables, box)
    return apply(tables, options, box, head, outcome, now)
  }
}

function apply(
  tables: Tables,
  { leaseMs, silentMs }: StoreOptions,
  box: Mailbox,
  head: Head,
  outcome: Outcome,
  now: number,
): Settlement {
  switch (outcome.kind) {
    case 'abandoned':
      if (isWanted(tables, box)) return { outcome: 'wanted' }
      tables.tallies.add(box.session, box.direction, 'given-up', 1)
      leaveBehind(tables, box.session, outcome, now)
      removeSession(tables, box.session)
      return { outcome: 'settled' }
    case 'retry':
      return putOff(tables, box, head, outcome, now)
    case 'opened':
      if (!bind(tables, box.session, outcome)) return { outcome: 'conversation-taken' }
      lookLater(tables, box.session, now + silentMs)
      tables.tallies.add(box.session, box.direction, 'delivered', 1)
      replaceHead(tables, box, head, [])
      leaveBehind(tables, box.session, outcome, now)
      break
    case 'expanded':
      tables.tallies.add(box.session, box.direction, 'accepted', outcome.into.length - 1)
      replaceHead(tables, box, head, outcome.into)
      break
    case 'removed':
      tables.tallies.add(box.session, box.direction, became(outcome), 1)
      if (outcome.dead !== undefined) bury(tables, box, head.entry, outcome.dead, now)
      replaceHead(tables, box, head, [])
      applyConsequences(tables, box, outcome, now)
      leaveBehind(tables, box.session, outcome, now)
  }
  return moveOn(tables, box, now + leaseMs)
}

function putOff(tables: Tables, box: Mailbox, head: Head, { at, counts, entry, tell }: Retry, now: number) {
  if (entry) tables.entries.put(box, head.position, entry)
  if (counts) box.count += 1
  if (tell) box.told = true
  release(box, at)
  tables.mailboxes.save(box)
  if (tell) tellOnce(tables, box, tell, now)
  return { outcome: 'settled' } as const
}

function became({ dead, givenUp }: Consequences): Became {
  if (dead !== undefined) return 'dead'
  return givenUp ? 'given-up' : 'delivered'
}

function isWanted({ mailboxes }: Tables, box: Mailbox): boolean {
  const { to_agent, to_client } = mailboxes.waitingOf(box.session)
  return to_agent + to_client > 1
}

/** Everything else stands behind the head, so the last of `into` takes its place and the others the ones before. */
function replaceHead({ entries }: Tables, box: Mailbox, head: Head, into: Entry[]): void {
  entries.remove(box, head.position)
  const first = head.position - into.length + 1
  for (const [index, entry] of into.entries()) entries.put(box, first + index, entry)
  box.waiting += into.length - 1
}

function moveOn(tables: Tables, box: Mailbox, until: number): Settlement {
  box.count = 0
  box.told = false
  if (box.waiting > 0) hold(box, until)
  else release(box, null)
  tables.mailboxes.save(box)
  if (box.waiting === 0) scrubIfOver(tables, box.session)
  return proceed(tables, box)
}

/** What the worker does next, if the turn is still held. */
function proceed({ entries, sessions }: Tables, box: Mailbox): Settlement {
  if (box.until === 0) return { outcome: 'settled' }
  const head = entries.head(box)
  const row = sessions.byId(box.session)
  return head && row
    ? { outcome: 'settled', next: toWork(row.session, box, head.entry) }
    : { outcome: 'settled' }
}
