import type { Logger } from 'pino'
import { asMediatorError, MediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Outcome, Settlement, Store, Work } from '../store/store.ts'
import { attempt } from './attempt.ts'
import { type Attempted, concludesMessage, sessionAfter, withLeftovers } from './attempted.ts'
import { type Crowd, createCrowd } from './crowd.ts'
import { createDelays, type Delays } from './delays.ts'
import { outcomeOfFailure, promise, putOffUntried } from './failure.ts'
import { createJournal, type Journal } from './journal.ts'
import type { Meter } from './meter.ts'
import { leftoversOf } from './open-conversation.ts'
import { settleSurely } from './settle-surely.ts'
import type { Sides } from './sides.ts'
import type { Texts } from './texts.ts'
import { createTurnKeeper } from './turn-keeper.ts'
import type { Report, Waiters } from './waiters.ts'

export type WorkerOptions = {
  store: Store
  sides: Sides
  texts: Texts
  clock: Clock
  log: Logger
  meter: Meter
  waiters: Waiters
}

/** deliver ──► settle: works mailboxes, each by one worker at a time, and tells who waits what became of an entry. */
export type Worker = {
  /** Works a mailbox until it is empty or must wait. Never rejects. */
  work(first: Work): Promise<void>
  crowd: Crowd
  /** Puts a mailbox off untried, for whose account there is no room; tells who waits when it is late. Never rejects. */
  putOff(work: Work): Promise<void>
  /** Finishes what is under way and gives back what is not begun; after `graceMs` breaks off what still hangs. */
  stop(graceMs: number): Promise<void>
}

const OPEN_AGAIN_MS = 2_000

export function createWorker(options: WorkerOptions): Worker {
  const { store, sides, texts, clock, log, meter, waiters } = options
  const journal: Journal = createJournal(log)
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  const stopNow = new AbortController()
  const keeper = createTurnKeeper(store, clock, stopNow.signal)
  const crowd = createCrowd()

  return {
    work: first => track(run(first), crowd.enter(first)),
    putOff: work => track(putOff(work), () => undefined),
    crowd,
    async stop(graceMs) {
      stopping.abort()
      const timer = setTimeout(() => stopNow.abort(), graceMs)
      while (underWay.size) await Promise.allSettled(underWay)
      clearTimeout(timer)
    },
  }

  function track(promise: Promise<void>, leave: () => void): Promise<void> {
    underWay.add(promise)
    return promise.finally(() => {
      underWay.delete(promise)
      leave()
    })
  }

  async function run(first: Work): Promise<void> {
    let current: Work | undefined = first
    const delays = createDelays({ store, texts, clock, log, isSomebodyBehind, deliver })
    while (current && !stopping.signal.aborted) current = await step(current, delays)
    if (current) await giveBack(current)
  }

  function deliver(work: Work): void {
    void track(run(work), crowd.enter(work))
  }

  async function step(current: Work, delays: Delays): Promise<Work | undefined> {
    const held = keeper.hold(current.turn)
    const concluded = delays.watch(current)
    try {
      const attempted = await tryOnce(current, held.signal)
      const settlement = await settle(current, attempted.outcome)
      return await conclude(current, attempted, settlement)
    } catch (error) {
      journal.brokenOff(current, error)
      return undefined
    } finally {
      concluded()
      held.release()
    }
  }

  async function tryOnce(current: Work, signal: AbortSignal): Promise<Attempted> {
    if (isLeftLying(current)) return failed(current, new MediatorError('UNREACHABLE', 'its caller has gone'))
    try {
      const outcome = await attempt(store, sides, current, {
        signal,
        log,
        attempt: current.attempts.count + 1,
        urgent: current.head.kind === 'open',
      })
      crowd.wentWell(current, outcome)
      return { outcome, report: { kind: 'done', session: sessionAfter(current.session, outcome) } }
    } catch (error) {
      if (stopNow.signal.aborted) return { outcome: putBack(), report: { kind: 'waiting', at: clock.now() } }
      const reason = asMediatorError(error)
      crowd.wentWrong(current, reason)
      return unlessSilent(failed(current, reason), current)
    }
  }

  /** An opening whose caller died with its process, and was promised nothing: nobody waits for the agent. */
  function isLeftLying({ head, turn, session }: Work): boolean {
    if (head.kind !== 'open' || head.opening.promised || session.state === 'ended') return false
    return !waiters.isAwaited(turn, head.id)
  }

  function failed(current: Work, error: MediatorError): Attempted {
    // A bot tells its client what we answer; a desk's webhook tells its agent nothing.
    const awaited = current.turn.direction === 'to_agent' && waiters.isAwaited(current.turn, current.head.id)
    const outcome = withLeftovers(
      outcomeOfFailure(current, error, texts, awaited, clock.now()),
      leftoversOf(current, error),
    )
    journal.notDelivered(current, error, outcome)
    if (outcome.kind === 'retry') return { outcome, report: { kind: 'waiting', at: outcome.at } }
    return { outcome, report: { kind: 'failed', error } }
  }

  /**
   * That an opening or words of ours take long concerns those who have written behind it, and nobody else. That an opening
   * failed is told of each text behind it.
   */
  async function unlessSilent(attempted: Attempted, work: Work): Promise<Attempted> {
    const { outcome } = attempted
    if (work.head.kind === 'message' || !('tell' in outcome) || !outcome.tell) return attempted
    const isBehind = await isSomebodyBehind(work)
    if (outcome.kind === 'retry' ? isBehind : work.head.kind !== 'open' || !isBehind) return attempted
    const { tell: _, ...silent } = outcome
    return { ...attempted, outcome: silent }
  }

  function isSomebodyBehind({ turn }: Work): Promise<boolean> {
    return store.holdsMessage(turn.session, turn.direction)
  }

  function settle(current: Work, outcome: Outcome): Promise<Settlement> {
    return settleSurely({ store, clock, stopNow: stopNow.signal }, current, outcome)
  }

  async function conclude(
    current: Work,
    attempted: Attempted,
    settlement: Settlement,
  ): Promise<Work | undefined> {
    const { outcome, report } = attempted
    if (settlement.outcome === 'conversation-taken') return refuseTaken(current)
    if (settlement.outcome === 'wanted') return keepOpening(current, report)
    if (settlement.outcome === 'fenced') {
      journal.fenced(current)
      return undefined
    }
    meter.settled(current, outcome, report.kind === 'failed', clock.now())
    if (report.kind === 'done' && outcome.kind !== 'expanded')
      journal.delivered(current, outcome, clock.now())
    if (concludesMessage(current.head, attempted)) waiters.report(current.turn, current.head.id, report)
    return settlement.next
  }

  /** Two clients in one conversation would read each other's words: the second registration fails, loudly. */
  async function refuseTaken(current: Work): Promise<Work | undefined> {
    journal.conversationTaken(current)
    const error = new MediatorError(
      'REJECTED',
      'the desk gave this client the conversation of another client',
    )
    const attempted = failed(current, error)
    return conclude(current, attempted, await settle(current, attempted.outcome))
  }

  /** Somebody was answered about a text that waits for this opening: so the opening is owed, too. */
  async function keepOpening(current: Work, report: Report): Promise<undefined> {
    if (current.head.kind !== 'open') return
    await settle(current, promise(current.head, clock.now() + OPEN_AGAIN_MS))
    waiters.report(current.turn, current.head.id, report)
  }

  async function putOff(work: Work): Promise<void> {
    const untried = { outcome: putOffUntried(work, texts, clock.now()), report: waitingFor(work) }
    const { outcome } = await unlessSilent(untried, work).catch(() => untried)
    await giveBack(work, outcome)
  }

  function waitingFor({ head }: Work): Report {
    return { kind: 'waiting', at: head.at }
  }

  async function giveBack({ turn, head }: Work, outcome: Outcome = putBack()): Promise<void> {
    try {
      await store.settle(turn, head, outcome, clock.now())
    } catch (error) {
      const reason = asMediatorError(error).message
      log.warn({ session: turn.session, reason }, 'could not give a turn back; it runs out')
    }
  }

  function putBack(): Outcome {
    return { kind: 'retry', at: clock.now(), counts: false }
  }
}
