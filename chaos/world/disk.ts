import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Period } from '../judge/excuses.ts'
import { undoAtExit } from './leaving.ts'
import { begin, end } from './replica.ts'
import type { StoreSide } from './world.ts'

/** The embedded store on a small disk of its own. */
export type DiskSide = StoreSide & {
  /** Leaves no room; `pid` is the process that writes there. */
  fill(pid: number): void
  /** Takes what has become free meanwhile: SQLite gives the room of its log back when it empties it. */
  topUp(): void
  clear(pid: number): void
}

type Disk = { fill(pid: number): void; topUp(): void; clear(pid: number): void; remove(): void }

const SIZE = '48m'
const PATIENCE_MS = 2_000
const CHUNK = Buffer.alloc(64 * 1024)

/** A file system of a few MiB where we may mount one; elsewhere a limit on the size of the process's files. */
export async function startDiskSide(dir: string): Promise<DiskSide> {
  const dataDir = join(dir, 'disk')
  mkdirSync(dataDir)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', dataDir]).status === 0
  return manage(dataDir, mounted ? mountedDisk(dataDir) : limitedFiles())
}

function manage(dataDir: string, disk: Disk): DiskSide {
  const troubles: Period[] = []
  let fullFor: number | undefined
  const side: DiskSide = {
    redisUrl: '',
    dataDir,
    troubles,
    fill(pid) {
      begin(troubles)
      disk.fill(pid)
      fullFor = pid
    },
    topUp: () => disk.topUp(),
    clear(pid) {
      disk.clear(pid)
      end(troubles)
      fullFor = undefined
    },
    async heal() {
      if (fullFor !== undefined) side.clear(fullFor)
    },
    async stop() {
      disk.remove()
    },
  }
  return side
}

function mountedDisk(dir: string): Disk {
  const filler = join(dir, 'filler')
  const forget = undoAtExit(unmount)
  return {
    fill() {
      emptyLog(join(dir, 'mediator.db'))
      writeUntilFull(filler)
    },
    topUp: () => writeUntilFull(filler),
    clear: () => rmSync(filler, { force: true }),
    remove() {
      unmount()
      forget()
    },
  }

  function unmount(): void {
    spawnSync('umount', ['--lazy', dir])
  }
}

/** SQLite writes over its log from the start whenever it can, and would go on for long without any more room. */
function emptyLog(file: string): void {
  const db = new DatabaseSync(file, { timeout: PATIENCE_MS })
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

function writeUntilFull(path: string): void {
  const file = openSync(path, 'a')
  try {
    for (;;) writeSync(file, CHUNK)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}

/** Nothing may be written beyond the first bytes of any file. */
function limitedFiles(): Disk {
  const limit = (pid: number, bytes: string): void => {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`])
    if (status !== 0) throw new Error(`no disk can be filled here: ${stderr}`)
  }
  return {
    fill: pid => limit(pid, '512:unlimited'),
    topUp: () => undefined,
    clear: pid => limit(pid, 'unlimited:unlimited'),
    remove: () => undefined,
  }
}
