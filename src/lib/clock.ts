/** The time, as an argument: tests bring their own. */
export type Clock = {
  /** Epoch ms. */
  now(): number
}

/** One that is put right from outside. */
export type SetClock = Clock & {
  /** It was `time` (epoch ms) at `at` (`performance.now()`). Less than a quarter of a second is let pass. */
  set(time: number, at: number): void
}

const LET_PASS_MS = 250

/** Anchored once and carried on by the monotonic clock, so that a jump of the wall clock moves no lease and no retry. */
export function createClock(): SetClock {
  let anchor = Date.now() - performance.now()
  return {
    now: () => Math.round(anchor + performance.now()),
    set(time, at) {
      if (Math.abs(time - at - anchor) > LET_PASS_MS) anchor = time - at
    },
  }
}
