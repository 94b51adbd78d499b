import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { countWaiting } from '../support/count-waiting.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { describeStore } from './contract.ts'
import {
  acceptWork,
  DAY,
  drain,
  end,
  fromDesk,
  OPTIONS,
  type OpenedStore,
  open,
  settle,
  T0,
  toAgent,
} from './fixtures.ts'

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

describe('the memory of Redis', () => {
  it('takes no more room when all is delivered and forgotten than it did before', async () => {
    const { store, cleanup } = await openWithPrefix()
    const witness = new Redis(server.url)
    const sizes: number[] = []
    for (let round = 0; round < 4; round += 1) {
      for (const userid of ['ana', 'ben', 'eve']) await live(store, userid, round)
      // Those for all sessions of a shard stay.
      sizes.push((await witness.keys(`test${opened}:*`)).length)
    }
    expect(new Set(sizes.slice(1)).size).toBe(1)
    witness.disconnect()
    await cleanup()
  })
})

describe('what an earlier version left in Redis', () => {
  it('is counted, asked about, and kept for its dead letters', async () => {
    const { store, cleanup } = await openWithPrefix()
    const session = await open(store, 'ana', 'room')
    const work = await acceptWork(store, toAgent('ana', 'm1'))
    await settle(store, work, { kind: 'removed', dead: 'no' })
    await acceptWork(store, toAgent('ana', 'm2'))
    const witness = new Redis(server.url)
    const shard = `test${opened}::{${session.id.slice(0, 2)}}:`
    await witness.del(`${shard}tally`, `${shard}look`)
    await witness.hdel(`${shard}s:${session.id}`, 'dl')
    const later = await openRedisStore(server.url, OPTIONS, { prefix: `test${opened}:` })
    expect(await countWaiting(later)).toEqual({ to_agent: 1, to_client: 0 })
    expect(await later.due(T0, 10)).toContainEqual({ kind: 'look', session: session.id })
    expect(await witness.hget(`${shard}s:${session.id}`, 'dl')).toBe('1')
    witness.disconnect()
    await later.close()
    await cleanup()
  })
})

async function live(store: Store, userid: string, round: number): Promise<void> {
  const session = await open(store, userid, `room of ${userid} ${round}`)
  for (let n = 0; n < 20; n += 1) {
    await store.accept(toAgent(userid, `a${n}`), T0)
    await store.accept(fromDesk(`room of ${userid} ${round}`, `c${n}`), T0)
  }
  await drain(store, session.id, 'to_agent', T0 + DAY)
  await drain(store, session.id, 'to_client', T0 + DAY)
  await store.accept(end(session, T0 + DAY), T0 + DAY)
  await store.forget(session.id, T0 + 9 * DAY)
  expect(await store.findById(session.id)).toBeUndefined()
}
