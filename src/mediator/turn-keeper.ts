import type { Turn } from '../domain/mailbox.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

/** How often a turn is prolonged while a delivery takes long, in ms. Must be well below the lease. */
const RENEW_MS = 4_000

export type Held = {
  /** Aborts when the turn is lost, or when everything must stop now. */
  signal: AbortSignal
  release(): void
}

/** Keeps a turn while a delivery takes long. While the store is away nothing is known to be lost, so the work goes on. */
export function holdTurn(store: Store, clock: Clock, turn: Turn, stopNow: AbortSignal): Held {
  const lost = new AbortController()
  const abort = (): void => lost.abort()
  stopNow.addEventListener('abort', abort, { once: true })
  if (stopNow.aborted) abort()
  const timer = setInterval(() => {
    const keptOrUnknown = store.renew(turn, clock.now()).catch(() => true)
    void keptOrUnknown.then(kept => kept || abort())
  }, RENEW_MS)
  return {
    signal: lost.signal,
    release() {
      clearInterval(timer)
      stopNow.removeEventListener('abort', abort)
    },
  }
}
