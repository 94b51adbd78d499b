import { afterAll, beforeAll } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { describeStore } from './contract.ts'
import { OPTIONS, type OpenedStore } from './fixtures.ts'

let server: RedisServer
let opened = 0

beforeAll(async () => {
  server = await startRedis({ appendonly: true })
})
afterAll(() => server.stop())

/** Each has the server's keys under a prefix of its own. After a crash of the server its restart finds what is on disk. */
async function openWithPrefix(): Promise<OpenedStore> {
  opened += 1
  const prefix = `test${opened}:`
  const stores: Store[] = []
  const open = async () => {
    const store = await openRedisStore(server.url, OPTIONS, { prefix })
    stores.push(store)
    return store
  }
  return {
    store: await open(),
    async cleanup() {
      for (const store of stores) await store.close()
    },
    async crash() {
      await server.kill()
      await server.restart()
      return open()
    },
  }
}

describeStore('the Redis store', openWithPrefix)
