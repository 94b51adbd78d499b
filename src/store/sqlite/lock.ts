import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MediatorError } from '../../domain/errors.ts'

const SQLITE_BUSY = 5

/** Held until `release`, or until the process is gone, however it went. */
export type DataDirLock = { release(): void }

/**
 * Makes this the only open store on `dataDir`. The lock is one of the operating system on `mediator.lock`, taken through
 * SQLite, so nothing stale is left by a killed process; `mediator.db` itself stays readable for backups.
 * Throws MediatorError STORE_UNAVAILABLE when somebody has it.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const file = new DatabaseSync(join(dataDir, 'mediator.lock'), { timeout: 0 })
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    file.close()
    throw isBusy(cause) ? inUse(dataDir, cause) : cause
  }
  return { release: () => file.close() }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function inUse(dataDir: string, cause: unknown): MediatorError {
  const advice = 'stop the other one, give this one a DATA_DIR of its own, or set REDIS_URL to run several'
  const text = `${dataDir} is in use by another mediator; the embedded store serves one process only: ${advice}`
  return new MediatorError('STORE_UNAVAILABLE', text, { cause })
}
