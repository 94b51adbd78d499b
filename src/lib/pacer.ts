import { MediatorError } from '../domain/errors.ts'
import type { Clock } from './clock.ts'

/** Keeps calls under a limit of the other side by not making them, which is kinder than being refused. */
export type Pacer = {
  /** Takes a place now, or throws THROTTLED with `retryAt`: the moment from which there may be one. */
  take(account: string, route: string): void
  /** Throws what `take` would throw now, and takes nothing. */
  check(account: string, route: string): void
  /** Gives the last place back: the call never reached the other side. */
  giveBack(): void
  /** The other side said no until then (epoch ms). */
  block(until: number): void
}

/** At most `limit` calls in any window of `windowMs`: exact, whatever way the other side counts. */
export function createPacer(limit: number, windowMs: number, clock: Clock): Pacer {
  const taken: number[] = []
  let refused = 0
  let blockedUntil = 0
  const check = (account: string, route: string): void => {
    const now = clock.now()
    while (taken[0] !== undefined && taken[0] <= now - windowMs) taken.shift()
    if (now >= blockedUntil && taken.length < limit) return
    // Those who are refused are sent to different places, so that they do not all come back for the same one.
    const freed = (taken[refused++ % limit] ?? now - windowMs) + windowMs
    const retryAt = Math.max(freed, blockedUntil, now + 1)
    const what = `${account} allows ${limit} calls of ${route} in ${windowMs / 1000} s`
    throw new MediatorError('THROTTLED', what, { retryAt })
  }
  return {
    check,
    take(account, route) {
      check(account, route)
      taken.push(clock.now())
    },
    giveBack: () => void taken.pop(),
    block(until) {
      blockedUntil = Math.max(blockedUntil, until)
    },
  }
}
