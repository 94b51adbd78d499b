/** The time, as an argument: tests bring their own. */
export type Clock = {
  /** Epoch ms. */
  now(): number
}

/** Anchored once and carried on by the monotonic clock, so that a jump of the wall clock moves no lease and no retry. */
export function createClock(): Clock {
  const anchor = Date.now() - performance.now()
  return { now: () => Math.round(anchor + performance.now()) }
}
