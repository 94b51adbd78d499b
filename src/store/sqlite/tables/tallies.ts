import type { DatabaseSync } from 'node:sqlite'
import type { Direction } from '../../../domain/mailbox.ts'
import { addUp, type Became, type Count, type Tally } from '../../../domain/tally.ts'

export type Tallies = ReturnType<typeof prepareTallies>

/** How many entries there ever were, by what became of them. */
export function prepareTallies(db: DatabaseSync) {
  const add = db.prepare(
    `INSERT INTO tallies VALUES (?1, coalesce((SELECT json_extract(body, '$.desk') FROM sessions WHERE id = ?2), ''), ?3, ?4)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  )
  // Naming due_at lets the count walk the index of the mailboxes that hold something instead of all there are.
  const all = db.prepare(
    `SELECT direction, desk, became, n FROM tallies
     UNION ALL
     SELECT direction, coalesce(json_extract(body, '$.desk'), ''), 'waiting', sum(waiting)
     FROM mailboxes JOIN sessions ON id = session WHERE mailboxes.due_at IS NOT NULL GROUP BY 1, 2`,
  )
  return {
    /** Under the desk that the session has now. */
    add(session: string, direction: Direction, became: Became, n: number): void {
      if (n !== 0) add.run(direction, session, became, n)
    },
    all: (): Tally[] => addUp(all.all().map(toCount)),
  }
}

function toCount({ direction, desk, became, n }: Record<string, unknown>): Count {
  const known = { direction: direction as Direction, became: became as Count['became'] }
  return { ...known, desk: String(desk), n: Number(n) }
}
