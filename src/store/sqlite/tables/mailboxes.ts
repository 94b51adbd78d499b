import type { DatabaseSync } from 'node:sqlite'
import type { Direction } from '../../../domain/mailbox.ts'
import type { Due, Waiting } from '../../store.ts'

/** The state of a mailbox beside its entries. Changed in memory, then saved. */
export type Mailbox = {
  session: string
  direction: Direction
  fence: number
  /** End of the lease, epoch ms; 0 = nobody has the turn. */
  until: number
  /** When somebody must look at it, epoch ms; null = never, it is empty. */
  dueAt: number | null
  count: number
  told: boolean
  waiting: number
}

type Row = Record<string, unknown>

export type Mailboxes = ReturnType<typeof prepareMailboxes>

export function prepareMailboxes(db: DatabaseSync) {
  return { ...prepareReads(db), ...prepareWrites(db) }
}

function prepareReads(db: DatabaseSync) {
  const load = db.prepare('SELECT * FROM mailboxes WHERE session = ? AND direction = ?')
  const due = db.prepare('SELECT session, direction FROM mailboxes WHERE due_at <= ? ORDER BY due_at LIMIT ?')
  const waitingOf = db.prepare('SELECT direction, waiting AS n FROM mailboxes WHERE session = ?')
  return {
    load(session: string, direction: Direction): Mailbox | undefined {
      const row = load.get(session, direction)
      return row && toMailbox(row)
    },
    due: (now: number, limit: number) => due.all(now, limit).map(toDue),
    waitingOf: (session: string) => toWaiting(waitingOf.all(session)),
  }
}

function prepareWrites(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO mailboxes VALUES (?, ?, 0, 0, NULL, 0, 0, 0)')
  const save = db.prepare(
    'UPDATE mailboxes SET fence = ?, held_until = ?, due_at = ?, attempts = ?, told = ?, waiting = ? WHERE session = ? AND direction = ?',
  )
  const hasten = db.prepare(
    `UPDATE mailboxes SET due_at = ?1 WHERE direction = ?2 AND held_until = 0 AND due_at > ?1
       AND (?3 IS NULL OR coalesce((SELECT json_extract(body, '$.desk') FROM sessions s WHERE s.id = mailboxes.session), ?3) = ?3)`,
  )
  const remove = db.prepare('DELETE FROM mailboxes WHERE session = ?')
  return {
    create(session: string, direction: Direction): Mailbox {
      insert.run(session, direction)
      return { session, direction, fence: 0, until: 0, dueAt: null, count: 0, told: false, waiting: 0 }
    },
    save(box: Mailbox): void {
      const { fence, until, dueAt, count, waiting, session, direction } = box
      save.run(fence, until, dueAt, count, box.told ? 1 : 0, waiting, session, direction)
    },
    /** Makes due what was put off, of one desk (and of none yet) or of all. */
    hasten(direction: Direction, desk: string | undefined, now: number): void {
      hasten.run(now, direction, desk ?? null)
    },
    removeBoth(session: string): void {
      remove.run(session)
    },
  }
}

function toMailbox(row: Row): Mailbox {
  return {
    session: String(row.session),
    direction: row.direction as Direction,
    fence: Number(row.fence),
    until: Number(row.held_until),
    dueAt: row.due_at === null ? null : Number(row.due_at),
    count: Number(row.attempts),
    told: row.told === 1,
    waiting: Number(row.waiting),
  }
}

function toDue(row: Row): Due {
  return { kind: 'mailbox', session: String(row.session), direction: row.direction as Direction }
}

function toWaiting(rows: Row[]): Waiting {
  const waiting = { to_agent: 0, to_client: 0 }
  for (const row of rows) waiting[row.direction as Direction] = Number(row.n)
  return waiting
}
