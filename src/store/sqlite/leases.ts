import type { LinkLease } from '../link-store.ts'
import type { Tables } from './tables/index.ts'

/** See `LinkStore`: `takeLink`, `renewLink` and `releaseLink`. */
export function createLeases({ links }: Tables) {
  return {
    take(link: string, holder: string, ttlMs: number, now: number): LinkLease | undefined {
      const present = links.holder(link, now)
      if (present && present.holder !== holder) return undefined
      // Never below the clock: it grows even where the file was lost.
      const lease = { link, holder, fence: Math.max(links.lastFence(link) + 1, now) }
      links.put(lease, now + ttlMs)
      return lease
    },
    renew(lease: LinkLease, ttlMs: number, now: number): boolean {
      if (links.holder(lease.link, now)?.fence !== lease.fence) return false
      links.hold(lease, now + ttlMs)
      return true
    },
    release: (lease: LinkLease): void => links.hold(lease, 0),
  }
}
