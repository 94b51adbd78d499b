import type { Random } from '../random.ts'
import type { StoreSide, World, WorldOptions } from '../world/world.ts'

/** What a disturbance has in hand. */
export type Stage<Store extends StoreSide> = {
  world: World<Store>
  random: Random
  /** The short form: outages as short as they can be and still mean something. */
  short: boolean
  /** Counted from 0. */
  turn: number
  /** Waits while the load goes on; breaks off early only when the run is broken off. */
  pause(ms: number): Promise<void>
  /** How many calls of clients were answered 503 so far. */
  countRefused(): number
  /** A line of the scenario's own log. */
  note(text: string): void
}

/** One way of going wrong, again and again while messages flow. */
export type Scenario<Store extends StoreSide = StoreSide> = {
  name: string
  /** What goes wrong, for people. */
  about: string
  world: Omit<WorldOptions<Store>, 'webhookRetryMs'>
  /** The load lasts at least so long, in seconds. */
  seconds: { short: number; long: number }
  /** Disturbed at least so often, and in the long form for as long as that. */
  turns: { short: number; long: number }
  /** How many texts an agent writes at once; 1 when absent. */
  burst?: number
  /** One turn, with everything well again when it resolves. */
  disturb(stage: Stage<Store>): Promise<void>
}
