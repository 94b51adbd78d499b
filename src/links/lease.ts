import type { Clock } from '../lib/clock.ts'
import type { LinkLease, LinkStore } from '../store/link-store.ts'

/** How long the store keeps a link for a replica that says nothing, in ms: the longest a dead one is missed, with TRY_MS. */
const LEASE_MS = 6_000
const RENEW_MS = 1_000
/** Given up this long before the store gives it to another, for clocks that do not agree, in ms. */
const MARGIN_MS = 500

/** A lease that is kept as long as the store agrees. */
export type Kept = {
  lease: LinkLease
  /** Aborts when it is lost, or `stop` aborts. */
  signal: AbortSignal
  isHeld(): boolean
  /** Gives it back. */
  release(): Promise<void>
}

/** Takes the link if it is free. A process that was paused finds by the clock, before anything else, that it is too late. */
export async function takeLease(
  store: LinkStore,
  clock: Clock,
  link: string,
  replica: string,
  stop: AbortSignal,
): Promise<Kept | undefined> {
  const asked = clock.now()
  const lease = await store.takeLink(link, replica, LEASE_MS, asked)
  return lease && keep(store, clock, lease, asked, stop)
}

function keep(store: LinkStore, clock: Clock, lease: LinkLease, since: number, stop: AbortSignal): Kept {
  const lost = new AbortController()
  const signal = AbortSignal.any([stop, lost.signal])
  let until = since + LEASE_MS - MARGIN_MS
  const isHeld = () => !signal.aborted && clock.now() < until
  const timer = setInterval(look, RENEW_MS)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  return {
    lease,
    signal,
    isHeld,
    async release() {
      lost.abort()
      await store.releaseLink(lease)
    },
  }

  function look(): void {
    if (isHeld()) void renew()
    else lost.abort()
  }

  async function renew(): Promise<void> {
    const asked = clock.now()
    // While the store is away nobody else can take it either; the time runs out all the same.
    const kept = await store.renewLink(lease, LEASE_MS, asked).catch(() => undefined)
    if (kept) until = asked + LEASE_MS - MARGIN_MS
    if (kept === false) lost.abort()
  }
}
