import type { DatabaseSync } from 'node:sqlite'
import type { LinkLease } from '../../link-store.ts'

export type Links = ReturnType<typeof prepareLinks>

/** The leases of links. One that was given back is held until 0. */
export function prepareLinks(db: DatabaseSync) {
  const holder = db.prepare('SELECT holder, fence FROM links WHERE desk = ? AND link = ? AND held_until > ?')
  const lastFence = db.prepare('SELECT max(fence) AS fence FROM links WHERE desk = ?')
  const put = db.prepare('INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)')
  const hold = db.prepare('UPDATE links SET held_until = ? WHERE desk = ? AND link = ? AND fence = ?')
  return {
    /** Who has it at `now`. */
    holder(link: string, now: number): LinkLease | undefined {
      const row = holder.get(deskOf(link), link, now)
      return row && { link, holder: String(row.holder), fence: Number(row.fence) }
    },
    /** The highest fence ever given for a link of the same desk; 0 when there was none. */
    lastFence: (link: string): number => Number(lastFence.get(deskOf(link))?.fence ?? 0),
    put({ link, holder, fence }: LinkLease, until: number): void {
      put.run(deskOf(link), link, holder, fence, until)
    },
    /** Nothing happens where a later lease was given. */
    hold({ link, fence }: LinkLease, until: number): void {
      hold.run(until, deskOf(link), link, fence)
    },
  }
}

function deskOf(link: string): string {
  return link.split('/', 1)[0] ?? ''
}
