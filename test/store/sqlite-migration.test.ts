import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../src/domain/session.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { draft, end, fromDesk, fromLink, OPTIONS, open, register, T0, toAgent } from './fixtures.ts'

/** The file as version 1 made it. */
const VERSION_1 = `
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
  PRAGMA user_version = 1;
`

let dataDir: string
let store: Store | undefined
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mediator-sqlite-'))
})
afterEach(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true })
})

/** Writes a file of version 1 that holds these sessions. */
function writeOldFile(sessions: Session[]): void {
  const db = new DatabaseSync(join(dataDir, 'mediator.db'))
  db.exec(`PRAGMA journal_mode = WAL; ${VERSION_1}`)
  const insert = db.prepare('INSERT INTO sessions VALUES (?, ?, NULL, ?)')
  const box = db.prepare('INSERT INTO mailboxes VALUES (?, ?, 1, 0, NULL, 0, 0, 0)')
  for (const session of sessions) {
    const { id, client, desk, conversation } = session
    insert.run(id, JSON.stringify(session), T0 + OPTIONS.sessionTtlMs)
    db.prepare('INSERT INTO clients VALUES (?, ?)').run(client.uuid, id)
    for (const direction of ['to_agent', 'to_client']) box.run(id, direction)
    if (desk && conversation)
      db.prepare('INSERT INTO conversations VALUES (?, ?, ?)').run(desk, conversation.id, id)
  }
  db.close()
}

function session(name: string, state: Session['state'], more: Partial<Session> = {}): Session {
  return { ...draft(name), id: `session of ${name}`, state, ...more }
}

const at = (desk: string, id: string) => ({ desk, conversation: { id, state: { room: [1, null] } } })
const ended = { ending: { at: T0, reason: 'agent' } } as const
const queued = session('queued', 'queued', at('desk', 'r1'))
const served = session('served', 'assigned', { ...at('desk', 'r2'), agent: 'Ixchel “ñ” \0' })
const other = session('other', 'queued', at('other', 'r1'))
const old = [
  queued,
  served,
  other,
  session('opening', 'opening'),
  session('over', 'ended', { ...at('desk', 'r3'), ...ended }),
  session('over early', 'ended', ended),
]

describe('a file of version 1', () => {
  beforeEach(async () => {
    writeOldFile(old)
    store = await openSqliteStore(dataDir, OPTIONS)
  })

  it('is opened with all it holds, and its live sessions are found', async () => {
    for (const one of old) expect(await store?.findById(one.id)).toEqual(one)
    expect((await store?.liveSessions('desk'))?.sort()).toEqual([queued.id, served.id])
    expect(await store?.liveSessions('other')).toEqual([other.id])
    expect(await store?.liveSessions('')).toEqual([])
  })

  it('can be worked with like a new one', async () => {
    const reading = { fence: 5, cursor: 'c1' }
    expect(await store?.followSession(served.id, 4)).toEqual({ session: served })
    expect(await store?.accept(fromLink(served, 'm', reading), T0)).toMatchObject({ outcome: 'accepted' })
    expect(await store?.followSession(served.id, 5)).toEqual({ session: served, cursor: 'c1' })
    await store?.accept(fromDesk('r1', 'bye', { ending: ended.ending }), T0)
    expect(await store?.liveSessions('desk')).toEqual([served.id])
    expect(await store?.accept(toAgent('queued', 'm'), T0)).toMatchObject({ outcome: 'ended' })
    expect(await store?.takeLink('desk/line', 'one', 6_000, T0)).toMatchObject({ fence: T0 })
  })

  it('is migrated once, and opens again', async () => {
    await store?.accept(end(served, T0), T0)
    await store?.close()
    store = await openSqliteStore(dataDir, OPTIONS)
    expect(await store.liveSessions('desk')).toEqual([queued.id])
    const later = await open(store, 'new', 'room')
    expect((await store.liveSessions('desk')).sort()).toEqual([later.id, queued.id].sort())
    expect((await register(store, 'newer')).session.state).toBe('opening')
  })
})

describe('a file of this version', () => {
  it('has links that are free when it is opened: whoever had them is gone', async () => {
    store = await openSqliteStore(dataDir, OPTIONS)
    const lease = await store.takeLink('desk/line', 'one', 6_000, T0)
    await store.close()
    store = await openSqliteStore(dataDir, OPTIONS)
    expect(await store.holderOfLink('desk/line', T0)).toBeUndefined()
    const next = await store.takeLink('desk/line', 'two', 6_000, T0)
    expect(next?.fence).toBeGreaterThan(lease?.fence ?? Number.NaN)
  })
})
