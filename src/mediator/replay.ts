import { hash } from 'node:crypto'
import type { Logger } from 'pino'
import { MediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { DeadLetterQuery, Replay, Store } from '../store/store.ts'
import type { Answer } from './answer.ts'
import { DEAD_LETTER_TTL_MS, isTooOld, unknownLetter } from './dead-letters.ts'

export type ReplayKit = {
  store: Pick<Store, 'deadLetters' | 'findDeadLetter' | 'replay'>
  clock: Clock
  log: Logger
}

/** Who asks for a replay, for the log: never a token. */
export type Asker = { who: string; reqId: string }

/** Which ones to replay; each key narrows it. */
export type Selection = Omit<DeadLetterQuery, 'limit' | 'oldest'>

/** At most this many at one request, and for so long, in ms: it can be asked again for the rest. */
const MOST_AT_ONCE = 10_000
const LONGEST_MS = 20_000
/** Of those that are left no more are counted. */
const MOST_COUNTED = 10_000
/** Read at once. */
const PAGE = 500
const MOST_LOGGED = 100

type Counts = Record<Replay, number>

/** Puts one back in line. A second time it is left as it is, so that it is delivered once. */
export async function replayDeadLetter(kit: ReplayKit, id: string, asker: Asker): Promise<Answer> {
  const became = await replayOne(kit, id)
  audit(kit.log, asker, { id }, became === 'replayed' ? [id] : [], countsOf([became]))
  switch (became) {
    case 'replayed':
      return { word: 'success', msg: 'back in line for delivery' }
    case 'already-replayed':
      return { word: 'success', msg: 'this was replayed before; nothing was done' }
    case 'session-ended':
      throw new MediatorError(
        'SESSION_CLOSED',
        'its conversation has ended: there is nobody to deliver it to',
      )
    case 'unknown':
      throw unknownLetter()
  }
}

async function replayOne({ store, clock }: ReplayKit, id: string): Promise<Replay> {
  const found = await store.findDeadLetter(id)
  return found && isTooOld(found.letter, clock) ? 'unknown' : store.replay(id, clock.now())
}

/**
 * Puts all that fit back in line, the oldest first, so that each mailbox keeps its order. Those there are now: what dies
 * again meanwhile is left for another request.
 */
export async function replayDeadLetters(kit: ReplayKit, selection: Selection, asker: Asker): Promise<Answer> {
  const { clock } = kit
  const until = clock.now() + LONGEST_MS
  const became: Replay[] = []
  const ids: string[] = []
  let left = 0
  for await (const id of oldestFirst(kit, selection)) {
    const isFull = ids.length >= MOST_AT_ONCE || clock.now() >= until
    if (isFull && ++left >= MOST_COUNTED) break
    if (isFull) continue
    const outcome = await kit.store.replay(id, clock.now())
    became.push(outcome)
    if (outcome === 'replayed') ids.push(id)
  }
  const counts = countsOf(became)
  audit(kit.log, asker, filterOf(selection), ids, counts, left)
  return { word: 'success', msg: describe(counts, left), extra: { ...shown(counts), left, ids } }
}

/** A page at a time, from the place of the last one on; letters of one ms may fill a page. */
async function* oldestFirst({ store, clock }: ReplayKit, selection: Selection): AsyncGenerator<string> {
  const until = Math.min(selection.until ?? Number.MAX_SAFE_INTEGER, clock.now())
  let since = Math.max(selection.since ?? 0, clock.now() - DEAD_LETTER_TTL_MS)
  const given = new Set<string>()
  for (let limit = PAGE; ; ) {
    const page = await store.deadLetters({ ...selection, since, until, limit, oldest: true })
    const fresh = page.filter(({ id }) => !given.has(id))
    for (const { id } of fresh) {
      given.add(id)
      yield id
    }
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return
    limit = last.at === since ? limit * 2 : PAGE
    since = last.at
  }
}

function countsOf(became: Replay[]): Counts {
  const counts: Counts = { replayed: 0, 'already-replayed': 0, 'session-ended': 0, unknown: 0 }
  for (const one of became) counts[one] += 1
  return counts
}

/** One that is gone meanwhile was replayed by somebody else, or has become too old. */
function shown(counts: Counts): Record<string, number> {
  return {
    replayed: counts.replayed,
    already_replayed: counts['already-replayed'],
    session_ended: counts['session-ended'],
    gone: counts.unknown,
  }
}

function describe({ replayed, 'session-ended': over }: Counts, left: number): string {
  const texts = [`${replayed} back in line for delivery`]
  if (over > 0) texts.push(`${over} have nobody to deliver them to: their conversations have ended`)
  if (left > 0) texts.push(`${left} are left: ask again`)
  return texts.join('; ')
}

/** A contact's id is no one's business in a log; the same one can still be recognised. */
function filterOf({ userid, since, until, ...rest }: Selection): Record<string, unknown> {
  return {
    ...rest,
    ...(userid !== undefined && { userid: `sha256:${hash('sha256', userid).slice(0, 12)}` }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  }
}

function audit(
  log: Logger,
  asker: Asker,
  filter: Record<string, unknown>,
  ids: string[],
  counts: Counts,
  left = 0,
): void {
  const listed = ids.slice(0, MOST_LOGGED)
  log.info({ ...asker, filter, ...shown(counts), left, ids: listed }, 'dead letters replayed')
}
