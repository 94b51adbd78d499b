import type { Turn } from '../domain/mailbox.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

/** How long a turn is held before it is prolonged, in ms. Must be well below the lease. */
const RENEW_AFTER_MS = 4_000
const LOOK_EVERY_MS = 1_000

/** A turn somebody works under. */
export type Held = {
  /** Aborts when the turn is lost, or when everything must stop now. */
  signal: AbortSignal
  release(): void
}

export type TurnKeeper = { hold(turn: Turn): Held }

type Holding = { turn: Turn; since: number; lost: AbortController }

/**
 * Keeps turns while deliveries take long, all with one timer, since most last milliseconds. While the store is away
 * nothing is known to be lost, so the work goes on.
 */
export function createTurnKeeper(store: Store, clock: Clock, stopNow: AbortSignal): TurnKeeper {
  const held = new Set<Holding>()
  let timer: NodeJS.Timeout | undefined
  stopNow.addEventListener('abort', () => {
    for (const { lost } of held) lost.abort()
  })
  return {
    hold(turn) {
      const holding: Holding = { turn, since: clock.now(), lost: new AbortController() }
      if (stopNow.aborted) holding.lost.abort()
      held.add(holding)
      timer ??= setInterval(look, LOOK_EVERY_MS)
      return { signal: holding.lost.signal, release: () => void held.delete(holding) }
    },
  }

  function look(): void {
    const now = clock.now()
    for (const holding of held) if (now - holding.since >= RENEW_AFTER_MS) void renew(holding, now)
    if (held.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  async function renew(holding: Holding, now: number): Promise<void> {
    holding.since = now
    const keptOrUnknown = await store.renew(holding.turn, now).catch(() => true)
    if (!keptOrUnknown) holding.lost.abort()
  }
}
