import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store, StoreOptions } from '../../src/store/store.ts'
import { startRedis } from '../support/redis-server.ts'
import type { StoreKind } from '../support/world.ts'

/** As the service sets its store up. */
export const OPTIONS: StoreOptions = {
  leaseMs: 15_000,
  sessionTtlMs: 7 * 86_400_000,
  silentMs: 180_000,
  deadLetterTtlMs: 30 * 86_400_000,
}

/** Where stores come from: each opened one is empty. */
export type Depot = { open(): Promise<Store>; stop(): Promise<void> }

export async function startDepot(kind: StoreKind): Promise<Depot> {
  return kind === 'redis' ? startRedisDepot() : startSqliteDepot()
}

async function startRedisDepot(): Promise<Depot> {
  const server = await startRedis()
  let opened = 0
  return {
    open: () => openRedisStore(server.url, OPTIONS, { prefix: `depot${opened++}` }),
    stop: () => server.stop(),
  }
}

function startSqliteDepot(): Depot {
  const root = mkdtempSync(join(tmpdir(), 'mediator-depot-'))
  let opened = 0
  return {
    open: () => openSqliteStore(join(root, String(opened++)), OPTIONS),
    stop: async () => rmSync(root, { recursive: true }),
  }
}
