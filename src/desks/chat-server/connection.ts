import { setTimeout as wait } from 'node:timers/promises'
import { MediatorError } from '../../domain/errors.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Link } from '../desk.ts'
import { explainFailure } from './handshake.ts'
import { type Ears, type Line, openLine } from './line.ts'
import type { Settings } from './settings.ts'
import type { Dial } from './sockets.ts'

/** The link's connection, opened again whenever it breaks. */
export type Connection = {
  /**
   * Keeps it until the signal aborts. Throws MISCONFIGURED when the server does not let us in and waiting will not mend it,
   * UNREACHABLE when it has let us in before.
   */
  keep(signal: AbortSignal): Promise<void>
  /** The present line, or the next one. Throws UNREACHABLE when there is none within `ms`, or once the signal aborts. */
  up(ms: number, signal: AbortSignal): Promise<Line>
}

export type ConnectionKit = {
  settings: Settings
  kit: Kit
  link: Link
  dial: Dial
  ears: Ears
  /** The connector is registered on this line. */
  onUp(line: Line): void
  onDown(): void
}

/** Between two attempts, in ms. */
const PAUSES_MS = [200, 500, 1_000, 2_000, 4_000]
/** A connection that stood this long was well, and the next one is tried soon. */
const WAS_WELL_MS = 10_000

export function createConnection({
  settings,
  kit,
  link,
  dial,
  ears,
  onUp,
  onDown,
}: ConnectionKit): Connection {
  let present: Line | undefined
  let waiting: (() => void)[] = []
  let hasStood = false
  /** Since then; one line of the log is enough. */
  let hasFailed = false

  return { keep, up }

  async function keep(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = kit.clock.now()
      const line = await open(signal)
      if (line) await use(line)
      if (signal.aborted) return
      if (kit.clock.now() - began > WAS_WELL_MS && line) failures = 0
      link.report('reconnecting')
      await pause(failures, signal)
    }
  }

  async function open(signal: AbortSignal): Promise<Line | undefined> {
    try {
      return await openLine(dial, ears, signal)
    } catch (failure) {
      if (signal.aborted) return undefined
      const { cause } = failure as Error
      const why = await explainFailure(settings, kit, cause, {
        signal,
        log: link.log,
        attempt: 1,
      })
      if (why.code === 'MISCONFIGURED') throw hasStood ? new MediatorError('UNREACHABLE', why.message) : why
      const level = hasFailed ? 'debug' : 'warn'
      hasFailed = true
      link.log[level]({ reason: why.message, path: settings.path }, 'the chat server cannot be connected to')
      return undefined
    }
  }

  async function use(line: Line): Promise<void> {
    if (line.closed.aborted) return
    hasStood = true
    hasFailed = false
    present = line
    line.emit('registerConnector', settings.connector)
    link.report('connected')
    onUp(line)
    for (const look of waiting) look()
    await untilAborted(line.closed)
    present = undefined
    onDown()
  }

  async function up(ms: number, signal: AbortSignal): Promise<Line> {
    const { promise, resolve, reject } = Promise.withResolvers<Line>()
    const look = () => present && resolve(present)
    const tooLate = () =>
      reject(new MediatorError('UNREACHABLE', 'there is no connection to the chat server'))
    const late = setTimeout(tooLate, ms)
    if (signal.aborted) tooLate()
    signal.addEventListener('abort', tooLate, { once: true })
    waiting.push(look)
    look()
    return promise.finally(() => {
      clearTimeout(late)
      signal.removeEventListener('abort', tooLate)
      waiting = waiting.filter(one => one !== look)
    })
  }
}

function pause(failures: number, signal: AbortSignal): Promise<void> {
  const ms = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0
  return wait(ms * (0.75 + 0.5 * Math.random()), undefined, { signal }).catch(() => undefined)
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
}
