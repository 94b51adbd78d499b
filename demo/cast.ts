import type { RelayFlow } from '../simulators/rapidpro/index.ts'
import type { Person } from '../simulators/stage.ts'
import type { LogLine } from './follow-log.ts'
import type { Picture } from './picture.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'
import { until } from './until.ts'
import type { Witness } from './witness.ts'

export type Performance = {
  stage: Stage
  screen: Screen
  signal: AbortSignal
  /** Lets a person read. */
  pause(ms: number): Promise<void>
}

/** What the steps share. */
export type Cast = Performance & {
  client: Person
  /** What the client has seen. */
  phone: Witness
  /** What the agent has seen. */
  window: Witness
  flow?: RelayFlow
}

/** How the mediator's own notices are shown. */
export const NOTICE = { name: 'Live agents', style: 'blue' } as const

/** Waits until the mediator's log has such a line. */
export function isTold(
  { stage, signal }: Cast,
  msg: string,
  isIt: (line: LogLine) => boolean,
): Promise<boolean> {
  const { lines } = stage.mediator.log
  return until(`the log tells “${msg}”`, () => lines.some(line => line.msg === msg && isIt(line)), signal)
}

export function describe({ name, type, data }: Picture): string {
  return `📷 ${name} (${type}, ${data.length} bytes)`
}

/** The simulators' calls cannot be broken off; nobody waits for them any more when the demo ends. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop))
}
