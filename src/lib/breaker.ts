import { MediatorError } from '../domain/errors.ts'
import type { Clock } from './clock.ts'

/** Stops calling a system that is down, so that its callers are answered at once and nothing piles up behind it. */
export type Breaker = {
  /** Throws UNREACHABLE with `retryAt` while the circuit is open; lets one call through when it is time to try. */
  check(account: string): void
  report(healthy: boolean): void
}

const FAILURES_TO_OPEN = 8
/** Short: one probe a second is nothing to the other side, and a desk that is back is noticed at once. */
const OPEN_MS = 1_000

export function createBreaker(clock: Clock): Breaker {
  let failures = 0
  let openUntil = 0
  return {
    check(account) {
      const now = clock.now()
      if (failures < FAILURES_TO_OPEN) return
      if (now < openUntil)
        throw new MediatorError('UNREACHABLE', `${account} has failed ${failures} times in a row`, {
          neverArrived: true,
        })
      openUntil = now + OPEN_MS
    },
    report(healthy) {
      failures = healthy ? 0 : failures + 1
      if (failures === FAILURES_TO_OPEN) openUntil = clock.now() + OPEN_MS
    },
  }
}

export const NO_BREAKER: Breaker = { check: () => undefined, report: () => undefined }
