import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MediatorError } from '../../domain/errors.ts'
import type { Direction } from '../../domain/mailbox.ts'
import type { DeadLetterQuery, Store, StoreOptions } from '../store.ts'
import { createAccept, fateOf } from './accept.ts'
import { eraseRemoved } from './erasure.ts'
import { createGroupCommit, type GroupCommit, storeUnavailable } from './group-commit.ts'
import { createLeases } from './leases.ts'
import { createCloseAgain } from './leftovers.ts'
import { lockDataDir } from './lock.ts'
import { createClaimLook } from './look.ts'
import { createFollow } from './reading.ts'
import { createRegister } from './register.ts'
import { createReplay } from './replay.ts'
import { migrate } from './schema.ts'
import { createSettle } from './settle.ts'
import { createDue, createForget } from './sweep.ts'
import type { Grave } from './tables/dead-letters.ts'
import { prepareTables, type Tables } from './tables/index.ts'
import { createTalk } from './talk.ts'
import { createClaim, createRenew } from './turns.ts'

/** How long to wait for another program (a backup) that reads the file just now, in ms; the event loop waits with us. */
const BUSY_MS = 100

/**
 * Opens the embedded store: `mediator.db` under `dataDir`, both made when missing. For one process alone.
 * Throws MediatorError STORE_UNAVAILABLE when another open store has `dataDir`, or when it cannot be used.
 */
export async function openSqliteStore(dataDir: string, options: StoreOptions): Promise<Store> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const lock = lockDataDir(dataDir)
    try {
      const db = openDatabase(join(dataDir, 'mediator.db'))
      return createStore(db, options, lock.release)
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw cannotOpen(dataDir, error)
  }
}

/** `synchronous = FULL`: what was answered is on the disk, not only with the operating system. */
function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_MS })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    migrate(db)
    // Whoever had a turn or a link is gone, in the midst of an attempt: this file is ours alone.
    db.exec('UPDATE mailboxes SET attempts = attempts + 1, held_until = 0, due_at = 0 WHERE held_until > 0')
    db.exec('UPDATE links SET held_until = 0')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function createStore(db: DatabaseSync, options: StoreOptions, unlock: () => void): Store {
  const tables = prepareTables(db)
  const { run } = createGroupCommit(db)
  const stopErasing = eraseRemoved(db)
  return {
    ...createWrites(tables, options, run),
    ...createReads(tables),
    ...createTalk(() => db.isOpen),
    async close() {
      if (!db.isOpen) return
      stopErasing()
      await run(() => undefined)
      db.close()
      unlock()
    },
  }
}

function createWrites(tables: Tables, options: StoreOptions, run: GroupCommit['run']) {
  const durably =
    <Args extends unknown[], Answer>(step: (...args: Args) => Answer) =>
    (...args: Args) =>
      run(() => step(...args))
  const leases = createLeases(tables)
  return {
    register: durably(createRegister(tables, options)),
    accept: durably(createAccept(tables, options)),
    settle: durably(createSettle(tables, options)),
    renew: durably(createRenew(tables, options)),
    claim: durably(createClaim(tables, options)),
    hasten: durably(tables.mailboxes.hasten),
    due: durably(createDue(tables, options)),
    forget: durably(createForget(tables)),
    replay: durably(createReplay(tables, options)),
    claimLook: durably(createClaimLook(tables, options)),
    closeAgain: durably(createCloseAgain(tables)),
    check: durably(tables.probe),
    takeLink: durably(leases.take),
    renewLink: durably(leases.renew),
    releaseLink: durably(leases.release),
    followSession: durably(createFollow(tables)),
  }
}

/** Reads see only what is committed, and wait for nobody. */
function createReads(tables: Tables) {
  const { sessions, mailboxes, entries, seen, deadLetters, links, tallies } = tables
  const reading =
    <Args extends unknown[], Answer>(step: (...args: Args) => Answer) =>
    async (...args: Args) => {
      try {
        return step(...args)
      } catch (cause) {
        throw storeUnavailable(cause)
      }
    }
  return {
    findByClient: reading((userid: string) => {
      const session = sessions.byClient(userid)?.session
      return session && { session, waiting: mailboxes.waitingOf(session.id) }
    }),
    findById: reading((id: string) => sessions.byId(id)?.session),
    findByConversation: reading(
      (desk: string, conversation: string) => sessions.byConversation(desk, conversation)?.session,
    ),
    unheard: reading((session: string, direction: Direction, dedupes: string[]) =>
      dedupes.filter(id => seen.addedAt(session, direction, id) === 0),
    ),
    holdsMessage: reading((session: string, direction: Direction) =>
      entries.holdsMessage(session, direction),
    ),
    fateOf: reading((session: string, direction: Direction, entry: string) =>
      fateOf(tables, session, direction, entry),
    ),
    deadLetters: reading((query: DeadLetterQuery) => deadLetters.list(query)),
    findDeadLetter: reading((id: string) => findDeadLetter(deadLetters.load(id))),
    holderOfLink: reading((link: string, now: number) => links.holder(link, now)),
    liveSessions: reading((desk: string) => sessions.liveAt(desk)),
    tally: reading(() => tallies.all()),
    time: async () => undefined,
  }
}

function findDeadLetter(grave: Grave | undefined) {
  if (!grave || grave.replayed) return undefined
  const { entry, replayed: _, ...letter } = grave
  return { letter, entry }
}

function cannotOpen(dataDir: string, error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  const reason = error instanceof Error ? error.message : String(error)
  const advice = 'check that DATA_DIR is a writable directory on a local disk with room left'
  return new MediatorError('STORE_UNAVAILABLE', `cannot open the store in ${dataDir}: ${reason}; ${advice}`, {
    cause: error,
  })
}
