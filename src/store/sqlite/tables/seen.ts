import type { DatabaseSync } from 'node:sqlite'
import type { Direction } from '../../../domain/mailbox.ts'
import { SEEN_MS } from '../../../domain/session.ts'

/** At most so many are pruned in one step, so that a long pause is not followed by a long stall. */
const PRUNED_AT_ONCE = 1000

export type Seen = ReturnType<typeof prepareSeen>

/** The ids of accepted letters, remembered for SEEN_MS. */
export function prepareSeen(db: DatabaseSync) {
  const has = db.prepare('SELECT 1 FROM seen WHERE session = ? AND direction = ? AND id = ? AND at >= ?')
  const addedAt = db.prepare('SELECT at FROM seen WHERE session = ? AND direction = ? AND id = ?')
  const add = db.prepare('INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)')
  const removeAll = db.prepare('DELETE FROM seen WHERE session = ?')
  const prune = db.prepare(
    `DELETE FROM seen WHERE (session, direction, id) IN
       (SELECT session, direction, id FROM seen WHERE at < ? ORDER BY at LIMIT ${PRUNED_AT_ONCE})`,
  )
  return {
    has: (session: string, direction: Direction, id: string, now: number) =>
      has.get(session, direction, id, now - SEEN_MS) !== undefined,
    /** Epoch ms; 0 when it never was. */
    addedAt: (session: string, direction: Direction, id: string) =>
      Number(addedAt.get(session, direction, id)?.at ?? 0),
    add(session: string, direction: Direction, id: string, now: number): void {
      add.run(session, direction, id, now)
    },
    removeAll(session: string): void {
      removeAll.run(session)
    },
    prune(now: number): void {
      prune.run(now - SEEN_MS)
    },
  }
}
