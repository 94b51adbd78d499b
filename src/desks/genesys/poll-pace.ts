import type { MediatorError } from '../../domain/errors.ts'
import type { Settings } from './settings.ts'

/** When a chat is read again. */
export type PollPace = {
  /** Somebody has said something, or come or gone. */
  stirred(now: number): void
  /** Ms until the next read after one that went well. */
  next(now: number): number
  /** Ms until the next read after one that went wrong: longer each time. */
  afterFailure(error: MediatorError, now: number): number
}

/** Genesys drops a customer that does not read for long; a chat must not be lost by our own patience. */
const LONGEST_PAUSE_MS = 15_000

export function createPollPace({ busy_ms, idle_ms, busy_for_ms }: Settings['poll'], since: number): PollPace {
  let stirredAt = since
  let failures = 0
  return {
    stirred(now) {
      stirredAt = now
    },
    next(now) {
      failures = 0
      return spread(now - stirredAt < busy_for_ms ? busy_ms : idle_ms)
    },
    afterFailure({ retryAt }, now) {
      const pause = Math.min(busy_ms * 2 ** failures, LONGEST_PAUSE_MS)
      failures += 1
      return Math.max(spread(pause), (retryAt ?? now) - now)
    },
  }
}

/** A tenth more or less, so that chats opened together are not read together for ever. */
function spread(ms: number): number {
  return ms * (0.9 + 0.2 * Math.random())
}
