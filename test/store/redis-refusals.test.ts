import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { draft, OPTIONS, opening, T0 } from './fixtures.ts'

let server: RedisServer
let store: Store
let admin: Redis

beforeAll(async () => {
  server = await startRedis()
  admin = new Redis(server.url)
  store = await openRedisStore(server.url, OPTIONS)
  await store.register(draft('known'), opening, T0)
})
afterAll(async () => {
  admin.disconnect()
  await store.close()
  await server.stop()
})
beforeEach(async () => {
  await admin.config('SET', 'maxmemory', '0')
  await admin.replicaof('NO', 'ONE')
})

/** In a script and alone. */
async function reasons(): Promise<string[]> {
  const refused = [store.register(draft('ana'), opening, T0), store.check()]
  const settled = await Promise.allSettled(refused)
  return settled.map(one => (one.status === 'rejected' ? String(one.reason.message) : 'taken'))
}

it('a full Redis is named, without the script that met it', async () => {
  await admin.config('SET', 'maxmemory', '1')
  for (const reason of await reasons())
    expect(reason).toMatch(/^the store \(Redis\) cannot be reached: OOM .* > 'maxmemory'\.$/)
})

it('a Redis that became a replica is named, without the script that met it', async () => {
  await admin.replicaof('127.0.0.1', '9')
  for (const reason of await reasons())
    expect(reason).toMatch(/^the store \(Redis\) cannot be reached: READONLY [^:]* replica\.$/)
})
