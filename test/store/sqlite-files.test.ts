import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGroupCommit } from '../../src/store/sqlite/group-commit.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { countWaiting } from '../support/count-waiting.ts'
import { drain, OPTIONS, open, T0, toAgent } from './fixtures.ts'

const WRITER = fileURLToPath(new URL('sqlite-writer.ts', import.meta.url))
const unavailable = { name: 'MediatorError', code: 'STORE_UNAVAILABLE' }

let root: string
let dataDir: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mediator-sqlite-'))
  dataDir = join(root, 'data', 'here')
})
afterEach(() => rmSync(root, { recursive: true }))

type Writer = ChildProcessByStdio<null, Readable, null>

/** Starts the writer and calls `onLine` with all it prints; resolves when it is gone. */
function startWriter(onLine: (line: string, writer: Writer) => void): Promise<void> {
  const writer = spawn(process.execPath, [WRITER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface(writer.stdout).on('line', line => onLine(line, writer))
  return new Promise(resolve => writer.once('close', () => resolve()))
}

async function withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqliteStore(dataDir, OPTIONS)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

describe('the file', () => {
  it('has all that was answered for when the process was killed in the middle of writing', async () => {
    const session = await withStore(store => open(store, 'ana', 'room'))
    const answered: string[] = []
    await startWriter((line, writer) => {
      if (line !== 'open') answered.push(line)
      if (answered.length === 300) writer.kill('SIGKILL')
    })
    const kept = await withStore(store => drain(store, session.id, 'to_agent', T0 + OPTIONS.leaseMs))
    expect(answered.length).toBeGreaterThanOrEqual(300)
    expect(kept).toEqual(expect.arrayContaining(answered))
    expect(new Set(kept).size).toBe(kept.length)
  })

  it('is for one open store, in this process too, and free again after it is closed', async () => {
    await withStore(async () => {
      const again = openSqliteStore(dataDir, OPTIONS)
      await expect(again).rejects.toMatchObject(unavailable)
      await expect(again).rejects.toThrow(/in use.*stop the other one.*DATA_DIR.*REDIS_URL/)
    })
    await withStore(store => store.check())
  })

  it('is refused to a second process, and free once the first was killed', async () => {
    await withStore(store => open(store, 'ana', 'room'))
    let refusal: Promise<unknown> | undefined
    await startWriter((line, writer) => {
      if (line !== 'open') return
      refusal = openSqliteStore(dataDir, OPTIONS).catch(error => error)
      void refusal.then(() => writer.kill('SIGKILL'))
    })
    expect(await refusal).toMatchObject(unavailable)
    await withStore(store => store.check())
  })

  it('counts it as a failed attempt when a turn was left in it', async () => {
    const session = await withStore(async store => {
      const session = await open(store, 'ana', 'room')
      await store.accept(toAgent('ana', 'm'), T0)
      return session
    })
    await withStore(async store => {
      const work = await store.claim(session.id, 'to_agent', T0)
      expect(work).toMatchObject({ attempts: { count: 1, told: false } })
    })
  })

  it('can be read by another program while the store is open', async () => {
    await withStore(async store => {
      await open(store, 'ana', 'room')
      const reader = new DatabaseSync(join(dataDir, 'mediator.db'), { readOnly: true })
      expect(reader.prepare('SELECT count(*) AS n FROM sessions').get()).toEqual({ n: 1 })
      reader.close()
    })
  })

  it('is not opened when it is none of ours, or of a newer version', async () => {
    await withStore(async () => undefined)
    const path = join(dataDir, 'mediator.db')
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    await expect(openSqliteStore(dataDir, OPTIONS)).rejects.toThrow(/newer version \(99/)
    rmSync(`${path}-wal`, { force: true })
    writeFileSync(path, 'no database at all, but long enough to be looked at'.repeat(100))
    await expect(openSqliteStore(dataDir, OPTIONS)).rejects.toMatchObject(unavailable)
    rmSync(path)
    await withStore(store => store.check())
  })

  it('says which directory cannot be used', async () => {
    writeFileSync(join(root, 'data'), 'a file where a directory should be')
    const opening = openSqliteStore(dataDir, OPTIONS)
    await expect(opening).rejects.toMatchObject(unavailable)
    await expect(opening).rejects.toThrow(dataDir)
  })

  it('cannot be written while another program holds it, and works again afterwards', async () => {
    await withStore(async store => {
      const session = await open(store, 'ana', 'room')
      const other = new DatabaseSync(join(dataDir, 'mediator.db'))
      other.exec('BEGIN IMMEDIATE')
      const letters = ['m1', 'm2'].map(id => store.accept(toAgent('ana', id), T0))
      for (const letter of letters) await expect(letter).rejects.toMatchObject(unavailable)
      await expect(store.check()).rejects.toMatchObject(unavailable)
      expect(await store.findById(session.id)).toEqual(session)
      other.exec('ROLLBACK')
      other.close()
      expect(await countWaiting(store)).toEqual({ to_agent: 0, to_client: 0 })
      expect(await store.accept(toAgent('ana', 'm1'), T0)).toMatchObject({ outcome: 'accepted' })
    })
  })
})

describe('group commit', () => {
  const createTable = () => {
    const db = new DatabaseSync(join(root, 'group.db'))
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE rows (text TEXT NOT NULL)')
    const insert = db.prepare('INSERT INTO rows VALUES (?)')
    const count = () => Number(db.prepare('SELECT count(*) AS n FROM rows').get()?.n)
    return { db, count, add: (text: string) => insert.run(text).changes, ...createGroupCommit(db) }
  }

  it('shares one transaction among the calls of one turn, and answers after its commit', async () => {
    const { db, run, add } = createTable()
    const inTransaction: boolean[] = []
    const steps = ['a', 'b', 'c'].map(text =>
      run(() => add(text)).then(() => inTransaction.push(db.isTransaction)),
    )
    const during = run(() => db.isTransaction)
    await Promise.all(steps)
    expect(await during).toBe(true)
    expect(inTransaction).toEqual([false, false, false])
    db.close()
  })

  it('undoes the whole group when one of its steps fails', async () => {
    const { db, run, add, count } = createTable()
    const failing = () => {
      throw new Error('no')
    }
    const group = [run(() => add('first')), run(failing), run(() => add('last'))]
    const message = 'the embedded store cannot be read or written'
    for (const one of await Promise.allSettled(group)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { ...unavailable, message } })
    }
    expect(count()).toBe(0)
    expect(await run(() => add('after'))).toBe(1)
    expect(count()).toBe(1)
    db.close()
  })

  it('undoes and refuses the whole group when the disk is full, and goes on when it no longer is', async () => {
    const { db, run, add, count } = createTable()
    await run(() => add('before'))
    db.exec('PRAGMA max_page_count = 10')
    const group = [run(() => add('small')), run(() => add('big'.repeat(50_000))), run(() => add('small'))]
    for (const one of await Promise.allSettled(group)) {
      expect(one).toMatchObject({
        status: 'rejected',
        reason: { ...unavailable, message: expect.stringMatching(/written: database or disk is full$/) },
      })
    }
    expect(count()).toBe(1)
    await run(() => add('after'))
    expect(count()).toBe(2)
    db.close()
  })
})
