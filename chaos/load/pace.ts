import type { Direction, Ledger } from '../judge/ledger.ts'
import type { Random } from '../random.ts'
import { pause } from '../world/wait.ts'

const LOOK_EVERY_MS = 200

/** How fast is written, and for how long. */
export type Pace = {
  /** Whether another message is to be written in this direction. */
  goesOn(): boolean
  /** Nothing more can come of it. */
  isHalted(): boolean
  /** Waits before the next one. */
  rest(): Promise<void>
}

export type PaceOptions = {
  /** To be acknowledged in each direction. */
  messages: number
  /** Spread over about so long, in ms; whoever has fallen behind hurries, up to all that the machine gives. */
  overMs: number
  conversations: number
  isOver(): boolean
  /** Nothing goes wrong any more: what is left may be written at once. */
  hurries(): boolean
  halted: AbortSignal
}

/** Written until the messages are used up and all disturbances are over, whichever comes last. */
export function createPace(options: PaceOptions, ledger: Ledger, direction: Direction, random: Random): Pace {
  const isHalted = (): boolean => options.halted.aborted
  const isWanted = (): boolean => ledger.countAcknowledged(direction) < options.messages || !options.isOver()
  const usualGapMs = (options.overMs * options.conversations) / options.messages
  const end = performance.now() + options.overMs
  const gapMs = (): number => {
    const left = options.messages - ledger.countAcknowledged(direction)
    if (left <= 0) return usualGapMs
    const neededMs = ((end - performance.now()) * options.conversations) / left
    return Math.min(usualGapMs, Math.max(0, neededMs))
  }
  return {
    isHalted,
    goesOn: () => !isHalted() && isWanted(),
    async rest() {
      const until = performance.now() + gapMs() * (0.5 + random.next())
      for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
        if (options.hurries()) return
        await pause(Math.min(LOOK_EVERY_MS, left))
      }
    },
  }
}
