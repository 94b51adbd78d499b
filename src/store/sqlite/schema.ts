import type { DatabaseSync } from 'node:sqlite'

/**
 * What made each version of the file out of the one before it. Only ever added to: files of every version are out there.
 *
 * - sessions: `body` is the Session as JSON; `early` what was heard of it while it was opening (a SessionChange).
 * - clients, conversations: who has which session now.
 * - mailboxes: `held_until` 0 = nobody has the turn; `due_at` NULL = empty.
 * - entries: the lowest `position` is the head. Positions may be negative: parts take their places before the head.
 * - seen: the ids of the letters accepted.
 * - links: `held_until` 0 = free. The rows stay, so that the fences of a desk only grow.
 * - sessions since 2: `live_at` is the desk of a session that is not over and has a conversation there; `fence` and `cursor`
 *   are of the last link that followed it.
 * - tallies since 3: how many entries there ever were, by what became of them. sessions: `look_at` is when its desk is to be
 *   asked about its conversation, NULL = never.
 */
const MIGRATIONS = [
  `
  CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL, early TEXT, due_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_due ON sessions (due_at);

  CREATE TABLE clients (
    userid TEXT NOT NULL PRIMARY KEY, session TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE conversations (
    desk TEXT NOT NULL, conversation TEXT NOT NULL, session TEXT NOT NULL,
    PRIMARY KEY (desk, conversation)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE mailboxes (
    session TEXT NOT NULL, direction TEXT NOT NULL,
    fence INTEGER NOT NULL, held_until INTEGER NOT NULL, due_at INTEGER,
    attempts INTEGER NOT NULL, told INTEGER NOT NULL, waiting INTEGER NOT NULL,
    PRIMARY KEY (session, direction)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mailboxes_due ON mailboxes (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE entries (
    session TEXT NOT NULL, direction TEXT NOT NULL, position INTEGER NOT NULL,
    id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (session, direction, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seen (
    session TEXT NOT NULL, direction TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (session, direction, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_at ON seen (at);

  CREATE TABLE dead_letters (
    id TEXT NOT NULL PRIMARY KEY, session TEXT NOT NULL, direction TEXT NOT NULL,
    desk TEXT NOT NULL, userid TEXT NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL,
    at INTEGER NOT NULL, entry TEXT NOT NULL, replayed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX dead_letters_at ON dead_letters (at);

  CREATE TABLE probe (writes INTEGER NOT NULL) STRICT;
  INSERT INTO probe VALUES (0);
  `,
  `
  CREATE TABLE links (
    desk TEXT NOT NULL, link TEXT NOT NULL, holder TEXT NOT NULL,
    fence INTEGER NOT NULL, held_until INTEGER NOT NULL,
    PRIMARY KEY (desk, link)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE sessions ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN cursor TEXT;
  ALTER TABLE sessions ADD COLUMN live_at TEXT GENERATED ALWAYS AS
    (iif(json_extract(body, '$.state') <> 'ended', json_extract(body, '$.desk'), NULL)) VIRTUAL;
  CREATE INDEX sessions_live ON sessions (live_at) WHERE live_at IS NOT NULL;
  `,
  `
  CREATE TABLE tallies (
    direction TEXT NOT NULL, desk TEXT NOT NULL, became TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (direction, desk, became)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO tallies
    SELECT direction, coalesce(json_extract(body, '$.desk'), ''), 'accepted', sum(waiting)
    FROM mailboxes JOIN sessions ON id = session WHERE waiting > 0 GROUP BY 1, 2;

  ALTER TABLE sessions ADD COLUMN look_at INTEGER;
  CREATE INDEX sessions_look ON sessions (look_at) WHERE look_at IS NOT NULL;
  UPDATE sessions SET look_at = 0 WHERE live_at IS NOT NULL;

  ALTER TABLE dead_letters ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
  CREATE INDEX dead_letters_session ON dead_letters (session);
  `,
]

/** Brings the file to this program's version, in one step. Throws when the file is of a newer program. */
export function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version)
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the database is of a newer version (${version}; this program knows ${MIGRATIONS.length})`,
    )
  }
  if (version === MIGRATIONS.length) return
  const steps = MIGRATIONS.slice(version).join('\n')
  db.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`)
}
