import type { SetClock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

const EVERY_MS = 10_000
/** Of a reading that took longer nobody knows when it was: the process itself may have stood still. */
const SLOW_MS = 500
const TRIES = 10

/**
 * Replicas compare times that others wrote (leases, retries), so all of them go by the store's clock, however wrong their own
 * may be. Resolves when the clock is set for the first time; gives the function that stops setting it again and again.
 */
export async function keepStoreTime(store: Store, clock: SetClock): Promise<() => void> {
  await setByStore(store, clock)
  // Away for a moment: the clock goes on by itself.
  const timer = setInterval(() => setByStore(store, clock).catch(() => undefined), EVERY_MS).unref()
  return () => clearInterval(timer)
}

async function setByStore(store: Store, clock: SetClock, triesLeft = TRIES): Promise<void> {
  const asked = performance.now()
  const time = await store.time()
  const took = performance.now() - asked
  if (took > SLOW_MS && triesLeft > 0) return setByStore(store, clock, triesLeft - 1)
  if (time !== undefined && took <= SLOW_MS) clock.set(time, asked + took / 2)
}
