import type { DatabaseSync } from 'node:sqlite'
import type { Session, SessionChange } from '../../../domain/session.ts'

/** A session, and what was heard of it while it was still opening. */
export type SessionRow = { session: Session; early: SessionChange }

export type Sessions = ReturnType<typeof prepareSessions>

/** The sessions and the two ways to find them: by client and by conversation. */
export function prepareSessions(db: DatabaseSync) {
  return { ...prepareReads(db), ...prepareWrites(db), ...preparePointers(db) }
}

function prepareReads(db: DatabaseSync) {
  const byId = db.prepare('SELECT body, early FROM sessions WHERE id = ?')
  const byClient = db.prepare(
    'SELECT body, early FROM clients c JOIN sessions s ON s.id = c.session WHERE c.userid = ?',
  )
  const byConversation = db.prepare(
    'SELECT body, early FROM conversations c JOIN sessions s ON s.id = c.session WHERE c.desk = ? AND c.conversation = ?',
  )
  const due = db.prepare('SELECT id FROM sessions WHERE due_at <= ? ORDER BY due_at LIMIT ?')
  const looks = db.prepare('SELECT id FROM sessions WHERE look_at <= ? ORDER BY look_at LIMIT ?')
  const times = db.prepare('SELECT due_at, look_at FROM sessions WHERE id = ?')
  const liveAt = db.prepare('SELECT id FROM sessions WHERE live_at = ?')
  return {
    byId: (id: string) => toRow(byId.get(id)),
    byClient: (userid: string) => toRow(byClient.get(userid)),
    byConversation: (desk: string, conversation: string) => toRow(byConversation.get(desk, conversation)),
    due: (now: number, limit: number) => due.all(now, limit).map(row => String(row.id)),
    looks: (now: number, limit: number) => looks.all(now, limit).map(row => String(row.id)),
    /** When it expires or may be forgotten, and when its desk is to be asked about it (null: never). */
    times(id: string): { dueAt: number; lookAt: number | null } {
      const row = times.get(id)
      return { dueAt: Number(row?.due_at ?? 0), lookAt: row?.look_at == null ? null : Number(row.look_at) }
    },
    liveAt: (desk: string) => liveAt.all(desk).map(row => String(row.id)),
  }
}

function prepareWrites(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO sessions (id, body, due_at) VALUES (?, ?, ?)')
  const save = db.prepare('UPDATE sessions SET body = ?, early = ? WHERE id = ?')
  const setDue = db.prepare('UPDATE sessions SET due_at = ? WHERE id = ?')
  const setLook = db.prepare('UPDATE sessions SET look_at = ? WHERE id = ?')
  return {
    insert(session: Session, dueAt: number): void {
      insert.run(session.id, JSON.stringify(session), dueAt)
    },
    save({ session, early }: SessionRow): void {
      save.run(JSON.stringify(session), JSON.stringify(early), session.id)
    },
    setDue(id: string, dueAt: number): void {
      setDue.run(dueAt, id)
    },
    setLook(id: string, at: number | null): void {
      setLook.run(at, id)
    },
  }
}

function preparePointers(db: DatabaseSync) {
  const pointClient = db.prepare('INSERT OR REPLACE INTO clients VALUES (?, ?)')
  const pointConversation = db.prepare('INSERT OR REPLACE INTO conversations VALUES (?, ?, ?)')
  const dropClient = db.prepare('DELETE FROM clients WHERE userid = ? AND session = ?')
  const dropConversation = db.prepare(
    'DELETE FROM conversations WHERE desk = ? AND conversation = ? AND session = ?',
  )
  const remove = db.prepare('DELETE FROM sessions WHERE id = ?')
  return {
    pointClient(userid: string, id: string): void {
      pointClient.run(userid, id)
    },
    pointConversation(desk: string, conversation: string, id: string): void {
      pointConversation.run(desk, conversation, id)
    },
    /** The pointers go only where they still mean this session: a later one may have taken them over. */
    remove({ id, client, desk, conversation }: Session): void {
      dropClient.run(client.uuid, id)
      if (desk !== undefined && conversation) dropConversation.run(desk, conversation.id, id)
      remove.run(id)
    },
  }
}

function toRow(row: Record<string, unknown> | undefined): SessionRow | undefined {
  if (!row) return undefined
  return { session: JSON.parse(String(row.body)), early: row.early ? JSON.parse(String(row.early)) : {} }
}
