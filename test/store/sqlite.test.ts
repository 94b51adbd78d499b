import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { describeStore } from './contract.ts'
import { OPTIONS, type OpenedStore } from './fixtures.ts'

/** A crash leaves what is on disk; a copy of that is what the next process finds. */
async function openInTemporaryDir(): Promise<OpenedStore> {
  const root = mkdtempSync(join(tmpdir(), 'mediator-sqlite-'))
  const stores: Store[] = [await openSqliteStore(join(root, 'first'), OPTIONS)]
  return {
    store: stores[0] as Store,
    async cleanup() {
      for (const store of stores) await store.close()
      rmSync(root, { recursive: true })
    },
    async crash() {
      cpSync(join(root, 'first'), join(root, 'second'), { recursive: true })
      const revived = await openSqliteStore(join(root, 'second'), OPTIONS)
      stores.push(revived)
      return revived
    },
  }
}

describeStore('the embedded SQLite store', openInTemporaryDir)
