import type { DatabaseSync } from 'node:sqlite'
import type { Reading } from '../../link-store.ts'

export type Readings = ReturnType<typeof prepareReadings>

/** How far links have read the sessions there are; fence 0 = no link has. */
export function prepareReadings(db: DatabaseSync) {
  const load = db.prepare('SELECT fence, cursor FROM sessions WHERE id = ?')
  const save = db.prepare('UPDATE sessions SET fence = ?, cursor = ifnull(?, cursor) WHERE id = ?')
  return {
    load(session: string): Reading {
      const row = load.get(session)
      const cursor = row?.cursor ?? null
      return { fence: Number(row?.fence ?? 0), ...(cursor !== null && { cursor: String(cursor) }) }
    },
    /** Without a cursor the one there is stays. */
    save(session: string, { fence, cursor }: Reading): void {
      save.run(fence, cursor ?? null, session)
    },
  }
}
