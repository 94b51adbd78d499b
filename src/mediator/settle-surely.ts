import type { Clock } from '../lib/clock.ts'
import type { Outcome, Settlement, Store, Work } from '../store/store.ts'

/** How long the store may be away until a finished delivery is given to chance (and may be repeated), in ms. */
const SETTLE_FOR_MS = 60_000

/**
 * What was sent must be recorded, or it is sent again: worth more patience than anything else. Throws what the store threw
 * last, when it was away too long or all must stop now.
 */
export async function settleSurely(
  { store, clock, stopNow }: { store: Store; clock: Clock; stopNow: AbortSignal },
  { turn, head }: Work,
  outcome: Outcome,
): Promise<Settlement> {
  const until = clock.now() + SETTLE_FOR_MS
  for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      return await store.settle(turn, head, outcome, clock.now())
    } catch (error) {
      if (clock.now() > until || stopNow.aborted) throw error
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }
}
