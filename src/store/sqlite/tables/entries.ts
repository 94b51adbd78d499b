import type { DatabaseSync } from 'node:sqlite'
import type { Direction, Entry } from '../../../domain/mailbox.ts'

/** The first in line, and where it stands. */
export type Head = { entry: Entry; position: number }

export type Place = { session: string; direction: Direction }

export type Entries = ReturnType<typeof prepareEntries>

/** What the mailboxes hold, in order of position. */
export function prepareEntries(db: DatabaseSync) {
  return { ...prepareReads(db), ...prepareWrites(db) }
}

function prepareReads(db: DatabaseSync) {
  const head = db.prepare(
    'SELECT position, body FROM entries WHERE session = ? AND direction = ? ORDER BY position LIMIT 1',
  )
  // '/' is the character after '.': the range holds every part of the entry and nothing else.
  const waits = db.prepare(
    `SELECT 1 FROM entries WHERE session = ? AND direction = ? AND (id = ? OR (id >= ? || '.' AND id < ? || '/')) LIMIT 1`,
  )
  const message = db.prepare(
    "SELECT 1 FROM entries WHERE session = ? AND direction = ? AND json_extract(body, '$.kind') = 'message' LIMIT 1",
  )
  return {
    holdsMessage: (session: string, direction: Direction) => message.get(session, direction) !== undefined,
    head: ({ session, direction }: Place) => toHead(head.get(session, direction)),
    waits: ({ session, direction }: Place, id: string) =>
      waits.get(session, direction, id, id, id) !== undefined,
  }
}

function prepareWrites(db: DatabaseSync) {
  const append = db.prepare(
    `INSERT INTO entries SELECT ?1, ?2, coalesce(max(position), 0) + 1, ?3, ?4
     FROM entries WHERE session = ?1 AND direction = ?2`,
  )
  const put = db.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM entries WHERE session = ? AND direction = ? AND position = ?')
  const removeAll = db.prepare('DELETE FROM entries WHERE session = ?')
  return {
    append({ session, direction }: Place, entry: Entry): void {
      append.run(session, direction, entry.id, JSON.stringify(entry))
    },
    put({ session, direction }: Place, position: number, entry: Entry): void {
      put.run(session, direction, position, entry.id, JSON.stringify(entry))
    },
    remove({ session, direction }: Place, position: number): void {
      remove.run(session, direction, position)
    },
    removeAll(session: string): void {
      removeAll.run(session)
    },
  }
}

function toHead(row: Record<string, unknown> | undefined): Head | undefined {
  return row && { position: Number(row.position), entry: JSON.parse(String(row.body)) }
}
