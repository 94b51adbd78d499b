import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { type Depot, OPTIONS } from './stores.ts'

/** Durability is no matter for it: in memory where the system has a place for that. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Embedded stores that are opened fast, for tests that need many. */
export async function startMemoryDepot(): Promise<Depot> {
  const root = mkdtempSync(join(MEMORY, 'mediator-depot-'))
  const empty = join(root, 'empty')
  await (await openSqliteStore(empty, OPTIONS)).close()
  let opened = 0
  return {
    async open() {
      const used = join(root, String(opened++))
      cpSync(empty, used, { recursive: true })
      const store = await openSqliteStore(used, OPTIONS)
      const close = async (): Promise<void> => {
        await store.close()
        rmSync(used, { recursive: true })
      }
      return { ...store, close }
    },
    stop: async () => rmSync(root, { recursive: true }),
  }
}
