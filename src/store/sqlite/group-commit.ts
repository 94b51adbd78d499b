import type { DatabaseSync } from 'node:sqlite'
import { MediatorError } from '../../domain/errors.ts'

/** Runs steps that change the database; each promise resolves when its step is on disk. */
export type GroupCommit = {
  /** `step` must be synchronous and may throw: then it and all steps of its group are undone and reject. */
  run<T>(step: () => T): Promise<T>
}

type Job = {
  /** Does the step, and gives what is to be called once it is on disk. */
  apply(): () => void
  reject(error: MediatorError): void
}

/**
 * All steps asked for in one turn of the event loop share one transaction, and so one wait for the disk: that wait, not
 * the work, is what a single write costs.
 */
export function createGroupCommit(db: DatabaseSync): GroupCommit {
  let waiting: Job[] = []
  const flush = () => {
    const jobs = waiting
    waiting = []
    commitAll(db, jobs)
  }
  return {
    run<T>(step: () => T) {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const apply = () => {
        const answer = step()
        return () => resolve(answer)
      }
      if (waiting.push({ apply, reject }) === 1) setImmediate(flush)
      return promise
    },
  }
}

function commitAll(db: DatabaseSync, jobs: Job[]): void {
  try {
    db.exec('BEGIN IMMEDIATE')
    const answers = jobs.map(job => job.apply())
    db.exec('COMMIT')
    for (const answer of answers) answer()
  } catch (cause) {
    undo(db)
    for (const job of jobs) job.reject(storeUnavailable(cause))
  }
}

/** A full disk may have undone the transaction already, and a closed database has none. */
function undo(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK')
  } catch {
    // The failure that led here is the one to report; the next BEGIN fails if this one stands in its way.
  }
}

/** Whatever SQLite threw, as the error every method of the store throws. */
export function storeUnavailable(cause: unknown): MediatorError {
  const text = `the embedded store cannot be read or written${reasonOf(cause)}`
  return new MediatorError('STORE_UNAVAILABLE', text, { cause })
}

/** One of SQLite's own few texts for its error codes. Other messages may quote what was to be written. */
function reasonOf(cause: unknown): string {
  const isOfSqlite = cause instanceof Error && 'errstr' in cause
  return isOfSqlite ? `: ${cause.errstr}` : ''
}
