import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { LinkDefinition } from '../desks/desk.ts'
import { asMediatorError, MediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { traceOf } from '../lib/trace.ts'
import type { LinkStore } from '../store/link-store.ts'
import { type Kept, takeLease } from './lease.ts'
import { createLink, type Emit, type RunningState } from './link.ts'
import { linkName } from './names.ts'
import type { Handler, Switchboard } from './switchboard.ts'

/** `elsewhere`: another replica runs it, or is about to. `bad-credentials`: stopped for good; see the log. */
export type LinkState = RunningState | 'elsewhere' | 'bad-credentials'

export type RunnerKit = {
  store: LinkStore
  switchboard: Switchboard
  replica: string
  clock: Clock
  log: Logger
  emit: Emit
  /** A link of this desk is connected, for the first time or again. */
  recovered(desk: string): void
}

export type Runner = {
  name: string
  state(): LinkState
  /** Runs the link whenever it is this replica's, until `stop` aborts. Never rejects. */
  run(stop: AbortSignal): Promise<void>
}

/** How often a replica looks whether a link has become free, in ms: a graceful stop is noticed well within a second. */
const TRY_MS = 300
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8_000
/** A link that has run this long was well, and is taken up again soon, in ms. */
const WAS_WELL_MS = 30_000
/** How long a link may take to leave after its signal; then it is given to others all the same, in ms. */
const LEAVE_MS = 1_000

export function createRunner(kit: RunnerKit, desk: string, definition: LinkDefinition): Runner {
  const name = linkName(desk, definition.name)
  const log = kit.log.child({ link: name })
  let state: LinkState = 'elsewhere'
  let handler: Handler | undefined
  let refusal: MediatorError | undefined
  let trouble = ''

  return {
    name,
    state: () => state,
    async run(stop) {
      while (!stop.aborted) {
        const kept = await takeLease(kit.store, kit.clock, name, kit.replica, stop).catch(() => undefined)
        if (kept) await hold(kept)
        await pause(TRY_MS * (0.7 + 0.6 * Math.random()), stop)
      }
    },
  }

  async function hold(kept: Kept): Promise<void> {
    const disconnect = await connect(kept)
    if (disconnect) {
      log.info({ fence: kept.lease.fence }, 'the link is ours')
      await keepRunning(kept)
    }
    say('elsewhere')
    await disconnect?.().catch(() => undefined)
    await kept.release().catch(() => log.warn('could not give the link back; it runs out'))
  }

  async function connect(kept: Kept): Promise<(() => Promise<void>) | undefined> {
    const { lease, signal, isHeld } = kept
    const held = { lease, log, signal, isHeld, handler: () => handler, refusal: () => refusal }
    return kit.switchboard.connect(held).catch(() => undefined)
  }

  async function keepRunning(kept: Kept): Promise<void> {
    let rest = FIRST_PAUSE_MS
    while (kept.isHeld() && !refusal) {
      const began = kit.clock.now()
      await runOnce(kept)
      handler = undefined
      if (kit.clock.now() - began > WAS_WELL_MS) rest = FIRST_PAUSE_MS
      if (!kept.isHeld() || refusal) break
      say('reconnecting')
      await pause(rest * (0.75 + 0.5 * Math.random()), kept.signal)
      rest = Math.min(rest * 2, LONGEST_PAUSE_MS)
    }
    if (refusal) await keepOthersOut(kept)
  }

  /** No other replica knocks with the same credentials. */
  async function keepOthersOut({ signal }: Kept): Promise<void> {
    say('bad-credentials')
    await untilAborted(signal)
  }

  async function runOnce(kept: Kept): Promise<void> {
    say('connecting')
    const { store, emit } = kit
    const serve = (offered: Handler) => {
      handler = offered
    }
    const link = createLink({ desk, kept, store, emit, log, report: say, serve })
    const over = new AbortController()
    try {
      await Promise.race([definition.run(link), leftAfter(kept.signal, LEAVE_MS, over.signal)])
    } catch (error) {
      judge(asMediatorError(error), kept)
    } finally {
      over.abort()
    }
  }

  function judge(error: MediatorError, kept: Kept): void {
    if (kept.signal.aborted) return
    if (error.code === 'MISCONFIGURED') {
      refusal = new MediatorError('MISCONFIGURED', `the link ${name} is stopped: ${error.message}`)
      log.error({ reason: error.message }, 'the link is stopped: mend its settings and restart')
      return
    }
    const trace = error.code === 'UNEXPECTED' ? traceOf(error.cause) : undefined
    const level = error.message === trouble ? 'debug' : 'warn'
    trouble = error.message
    log[level]({ code: error.code, reason: error.message, trace }, 'the link broke and is taken up again')
  }

  /** A desk that is away for hours is told of once. */
  function say(next: LinkState): void {
    const level = isTrouble(state) && isTrouble(next) ? 'debug' : 'info'
    if (next !== state) log[level]({ state: next }, 'link')
    if (next === 'connected' && state !== next) kit.recovered(desk)
    if (next === 'connected') trouble = ''
    state = next
  }
}

function isTrouble(state: LinkState): boolean {
  return state === 'connecting' || state === 'reconnecting'
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal }).catch(() => undefined)
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** Resolves `ms` after the signal; leaves nothing on it when `over` comes first. */
async function leftAfter(signal: AbortSignal, ms: number, over: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort', { signal: over }).catch(() => undefined)
  await wait(ms, undefined, { ref: false })
}
