import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { shardNames, shardOfClient } from '../../src/store/redis/keys.ts'
import type { Outcome, Store } from '../../src/store/store.ts'
import { type RedisCluster, startCluster } from '../support/redis-cluster.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import { describeStore } from './contract.ts'
import {
  acceptWork,
  drain,
  notice,
  OPTIONS,
  type OpenedStore,
  open,
  register,
  settle,
  T0,
  toAgent,
} from './fixtures.ts'
import { CLIENTS, startTraffic } from './traffic.ts'

const unavailable = { name: 'MediatorError', code: 'STORE_UNAVAILABLE' }

let cluster: RedisCluster
let opened = 0

beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.stop())

/** An order to one node, by host:port. */
async function tell(place: string, ...[command = '', ...rest]: string[]): Promise<void> {
  const admin = new Redis(`redis://${place}`)
  await admin.call(command, ...rest)
  admin.disconnect()
}

const isRefused = (store: Store) =>
  store.check().then(
    () => false,
    () => true,
  )

async function hasListener(url: string, channel: string): Promise<boolean> {
  const admin = new Redis(url)
  const [, listeners] = await admin.pubsub('NUMSUB', channel)
  admin.disconnect()
  return Number(listeners) > 0
}

async function findNode(isIt: (url: string) => Promise<boolean>): Promise<RedisServer> {
  const answers = await Promise.all(cluster.nodes.map(({ url }) => isIt(url)))
  return cluster.nodes[answers.indexOf(true)] as RedisServer
}

/** Each has the cluster's keys under a prefix of its own. */
async function openWithPrefix(): Promise<OpenedStore> {
  opened += 1
  const stores: Store[] = []
  const openAgain = async () => {
    const store = await openRedisStore(cluster.url, OPTIONS, { prefix: `test${opened}` })
    stores.push(store)
    return store
  }
  return {
    store: await openAgain(),
    async cleanup() {
      for (const store of stores) await store.close()
    },
    // What becomes of a node's data has a test of its own.
    crash: openAgain,
  }
}

describe('nodes of a cluster', () => {
  it('has the shards on all of its nodes', async () => {
    const nodes = await Promise.all(shardNames.map(shard => cluster.nodeOf(`lam:{${shard}}:due`)))
    expect([...new Set(nodes)].sort()).toEqual([0, 1, 2])
  })

  it('loses and doubles nothing when a node dies in the middle of traffic and comes back', async () => {
    const { store, cleanup } = await openWithPrefix()
    const traffic = await startTraffic(store)
    await traffic.goesOn()
    await cluster.nodes[0]?.kill()
    await until('somebody is refused', () => traffic.refused() > 0)
    await cluster.nodes[0]?.restart()
    await traffic.goesOn()
    await traffic.check()
    await cleanup()
  })

  it('is followed when a slot moves to another node', async () => {
    const { store, cleanup } = await openWithPrefix()
    const traffic = await startTraffic(store)
    await traffic.goesOn()
    for (const userid of CLIENTS.slice(0, 3)) {
      const key = `test${opened}:{${shardOfClient(userid)}}:due`
      const from = await cluster.nodeOf(key)
      await cluster.move(key, (from + 1) % 3)
      await traffic.goesOn()
      expect(await cluster.nodeOf(key)).toBe((from + 1) % 3)
    }
    await traffic.check()
    await cleanup()
  })

  it('does a step whole or not at all while its slot is on the way', async () => {
    const { store, cleanup } = await openWithPrefix()
    const session = await open(store, 'mara', 'room')
    const work = await acceptWork(store, toAgent('mara', 'm'))
    const outcome: Outcome = { kind: 'removed', dead: 'refused', tell: notice('n') }
    const key = `test${opened}:{${shardOfClient('mara')}}:due`
    const answers: unknown[] = []
    await cluster.move(key, ((await cluster.nodeOf(key)) + 1) % 3, async () => {
      if (answers.length < 2) answers.push(await settle(store, work, outcome).catch(error => error.code))
    })
    expect([...new Set(answers)]).toEqual(['STORE_UNAVAILABLE'])
    expect(await settle(store, work, outcome)).toEqual({ outcome: 'settled' })
    expect(await store.deadLetters({ limit: 9 })).toMatchObject([{ userid: 'mara', reason: 'refused' }])
    expect(await drain(store, session.id, 'to_client', T0)).toEqual(['n'])
    await cleanup()
  })

  it('refuses at once while none of its nodes is there, and goes on by itself', async () => {
    const { store, cleanup } = await openWithPrefix()
    await open(store, 'ana', 'room')
    await Promise.all(cluster.nodes.map(node => node.kill()))
    await until('it is refused', () => isRefused(store))
    const start = performance.now()
    const tries = Array.from({ length: 50 }, (_, i) => store.accept(toAgent('ana', `lost${i}`), T0))
    const answers = await Promise.allSettled(tries)
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    expect(performance.now() - start).toBeLessThan(1_000)
    await Promise.all(cluster.nodes.map(node => node.restart()))
    await cluster.ready()
    await until('it works again', () => isRefused(store).then(refused => !refused))
    const heard: string[] = []
    await until('it hears', () => store.hear('a', text => heard.push(text)).catch(() => undefined))
    await until('it is heard', async () => {
      await store.tell('a', 'word')
      return heard.includes('word')
    })
    await cleanup()
  })

  it('is heard on wherever the node that was listened to has gone', async () => {
    const { store, cleanup } = await openWithPrefix()
    const heard: string[] = []
    await store.hear('a', text => heard.push(text))
    const node = await findNode(url => hasListener(url, `test${opened}:channel:a`))
    await node.kill()
    await until('it is heard', async () => {
      await store.tell('a', 'word').catch(() => undefined)
      return heard.includes('word')
    })
    await node.restart()
    await cluster.ready()
    await cleanup()
  })

  it('is refused at the start when one of its nodes may evict, which is named', async () => {
    const place = new URL(cluster.nodes[1]?.url ?? '').host
    await tell(place, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    const opening = openRedisStore(cluster.url, OPTIONS, { prefix: 'evicting' })
    await expect(opening).rejects.toThrow(`REDIS_URL: this Redis at ${place} may evict`)
    await tell(place, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
  })

  it('is warned about when one of its nodes has no append-only file, which is named', async () => {
    const place = new URL(cluster.nodes[2]?.url ?? '').host
    await tell(place, 'CONFIG', 'SET', 'appendonly', 'no')
    const warnings: string[] = []
    const onWarning = (text: string) => void warnings.push(text)
    await (await openRedisStore(cluster.url, OPTIONS, { prefix: 'w', onWarning })).close()
    expect(warnings).toEqual([expect.stringContaining(`Redis at ${place} runs without its append-only file`)])
    await tell(place, 'CONFIG', 'SET', 'appendonly', 'yes')
  })

  it('is refused at the start where the server is none', async () => {
    const single = await startRedis()
    const url = single.url.replace('redis:', 'redis+cluster:')
    await expect(openRedisStore(url, OPTIONS)).rejects.toThrow(/REDIS_URL: .*cluster support disabled/)
    await single.stop()
  })

  it('refuses every write that no replica has, where replicas are asked for', async () => {
    const store = await openRedisStore(`${cluster.url}?replicas=1`, OPTIONS, { prefix: 'kept' })
    await expect(register(store, 'ana')).rejects.toMatchObject(unavailable)
    await store.close()
  })
})

// Last: it fills the slots.
describeStore('the Redis store on a cluster', openWithPrefix, 5)
