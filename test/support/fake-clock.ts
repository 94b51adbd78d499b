import { vi } from 'vitest'
import type { Clock } from '../../src/lib/clock.ts'

/** A clock that stands still until it is told to go on. */
export type FakeClock = Clock & {
  /** Moves on by `ms` with every timer that falls due on the way, letting all work come to rest in between. */
  pass(ms: number): Promise<void>
  /** Moves on by `ms` at once, as for a machine that slept: no timer fires. */
  jump(ms: number): void
  /** Resolves when nothing moves any more without the clock. */
  rest(): Promise<void>
}

const START = Date.UTC(2026, 0, 5, 12)
/** Fine enough that no two timers of the pipeline that depend on each other fall into one step. */
const STEP_MS = 250
/** This many turns of the event loop without any work under way count as rest. */
const QUIET_TURNS = 4

/** Timers are faked until `vi.useRealTimers()`. `isBusy` says whether somebody waits for a disk or a socket. */
export function createFakeClock(isBusy: () => boolean): FakeClock {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  let now = START
  const rest = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = isBusy() ? 0 : quiet + 1)
      await new Promise(resolve => setImmediate(resolve))
  }
  return {
    now: () => now,
    rest,
    jump(ms) {
      now += ms
    },
    async pass(ms) {
      await rest()
      for (let left = ms; left > 0; left -= STEP_MS) {
        const step = Math.min(STEP_MS, left)
        now += step
        vi.advanceTimersByTime(step)
        await rest()
      }
    },
  }
}
