import type { DatabaseSync } from 'node:sqlite'
import type { DeadLetter, Direction, Entry } from '../../../domain/mailbox.ts'
import type { DeadLetterQuery } from '../../store.ts'

/** A dead letter with all that a replay needs. */
export type Grave = DeadLetter & { entry: Entry; replayed: boolean }

export type DeadLetters = ReturnType<typeof prepareDeadLetters>

export function prepareDeadLetters(db: DatabaseSync) {
  return { ...prepareReads(db), ...prepareWrites(db) }
}

function prepareReads(db: DatabaseSync) {
  const list = (order: 'ASC' | 'DESC') =>
    db.prepare(
      `SELECT * FROM dead_letters WHERE replayed = 0 AND at >= ? AND at <= ?
         AND direction = ifnull(?, direction) AND desk = ifnull(?, desk) AND userid = ifnull(?, userid)
         AND conversation = ifnull(?, conversation)
       ORDER BY at ${order}, rowid ${order} LIMIT ?`,
    )
  const [newest, oldest] = [list('DESC'), list('ASC')]
  const owed = db.prepare('SELECT 1 FROM dead_letters WHERE session = ? AND replayed = 0 LIMIT 1')
  const load = db.prepare('SELECT * FROM dead_letters WHERE id = ?')
  return {
    list(query: DeadLetterQuery): DeadLetter[] {
      const { limit, direction, desk, userid, conversation, since, until } = query
      const narrowed = [direction, desk, userid, conversation].map(value => value ?? null)
      const found = query.oldest ? oldest : newest
      return found.all(since ?? 0, until ?? Number.MAX_SAFE_INTEGER, ...narrowed, limit).map(toDeadLetter)
    },
    /** Whether one of the session has not been replayed. */
    areOwed: (session: string) => owed.get(session) !== undefined,
    load: (id: string) => toGrave(load.get(id)),
  }
}

function prepareWrites(db: DatabaseSync) {
  // A letter that dies again after its replay takes the place of its first death.
  const put = db.prepare('INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)')
  const markReplayed = db.prepare("UPDATE dead_letters SET replayed = 1, entry = 'null' WHERE id = ?")
  const prune = db.prepare('DELETE FROM dead_letters WHERE at < ?')
  return {
    put({ id, session, direction, desk, userid, conversation, reason, attempts, at, entry }: Grave): void {
      const body = JSON.stringify(entry)
      put.run(id, session, direction, desk, userid, reason, attempts, at, body, conversation)
    },
    markReplayed(id: string): void {
      markReplayed.run(id)
    },
    /** Removes those that died before `before` (epoch ms). */
    prune(before: number): void {
      prune.run(before)
    },
  }
}

/** The id a letter has once it is dead: the same each time. */
export function deadLetterId(session: string, direction: Direction, entry: string): string {
  return `${session}.${direction === 'to_agent' ? 'a' : 'c'}.${entry}`
}

function toDeadLetter(row: Record<string, unknown>): DeadLetter {
  return {
    id: String(row.id),
    direction: row.direction as Direction,
    desk: String(row.desk),
    userid: String(row.userid),
    session: String(row.session),
    conversation: String(row.conversation),
    reason: String(row.reason),
    attempts: Number(row.attempts),
    at: Number(row.at),
  }
}

function toGrave(row: Record<string, unknown> | undefined): Grave | undefined {
  if (!row) return undefined
  return {
    ...toDeadLetter(row),
    entry: JSON.parse(String(row.entry)),
    replayed: row.replayed === 1,
  }
}
