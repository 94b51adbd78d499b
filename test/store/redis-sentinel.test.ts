import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRedisAddress } from '../../src/lib/redis-address.ts'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { watchSentinels } from '../../src/store/redis/sentinels.ts'
import type { Store } from '../../src/store/store.ts'
import { type RedisSentinels, startSentinels } from '../support/redis-sentinel.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import { OPTIONS, open, T0, toAgent } from './fixtures.ts'
import { startTraffic } from './traffic.ts'

const unavailable = { name: 'MediatorError', code: 'STORE_UNAVAILABLE' }

let redis: RedisSentinels
const stores: Store[] = []
let opened = 0

beforeAll(async () => {
  redis = await startSentinels(1)
})
afterAll(async () => {
  await Promise.all(stores.map(store => store.close()))
  await redis.stop()
})

async function openStore(
  url = redis.url,
  onWarning: (text: string) => void = () => undefined,
): Promise<Store> {
  opened += 1
  const store = await openRedisStore(url, OPTIONS, { prefix: `test${opened}`, onWarning })
  stores.push(store)
  return store
}

const masterNow = async () => redis.servers[await redis.master()] as RedisServer
const isFine = (store: Store) =>
  store.check().then(
    () => true,
    () => false,
  )

async function tell({ url }: RedisServer, ...[command = '', ...rest]: string[]): Promise<unknown> {
  const admin = new Redis(url, { retryStrategy: () => null })
  admin.on('error', () => undefined)
  return admin.call(command, ...rest).finally(() => admin.disconnect())
}

/** Of the connection that has been there for the longest time. */
async function oldest(server: RedisServer): Promise<number> {
  const list = String(await tell(server, 'CLIENT', 'LIST', 'TYPE', 'NORMAL'))
  return Math.min(...[...list.matchAll(/^id=(\d+)/gm)].map(([, id]) => Number(id)))
}

/** Does something to the master until another has its place, which it follows then. */
async function failOver(how: (master: RedisServer) => Promise<unknown>): Promise<void> {
  const place = await redis.master()
  const old = await masterNow()
  await how(old)
  await until('another is the master', async () => ![place, -1].includes(await redis.master()))
  const { hostname, port } = new URL((await masterNow()).url)
  // The sentinels would see to that too, after eight seconds and more.
  await until('it follows', () =>
    tell(old, 'REPLICAOF', hostname, port).catch(() => old.restart().then(() => false)),
  )
}

describe('a master with sentinels', () => {
  it('is warned about when it would take writes while it is cut off', async () => {
    const warnings: string[] = []
    await openStore(redis.url, text => warnings.push(text))
    const { host } = new URL((await masterNow()).url)
    expect(warnings).toEqual([
      expect.stringMatching(`Redis at ${host} takes writes.*min-replicas-to-write 1`),
    ])
  })

  it('is warned about when no write waits for its replicas', async () => {
    const warnings: string[] = []
    await openStore(`${redis.url}?replicas=0`, text => warnings.push(text))
    expect(warnings).toContainEqual(expect.stringMatching(/has replicas \(1\).*waits for 0.*\?replicas=1/))
  })

  it('is refused at the start when it may evict, by its name', async () => {
    const master = await masterNow()
    await tell(master, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    await expect(openStore()).rejects.toThrow(
      `REDIS_URL: this Redis at ${new URL(master.url).host} may evict`,
    )
    await tell(master, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
  })

  it('is refused at the start when the sentinels are not there, or know none of that name', async () => {
    const nowhere = openStore('redis+sentinel://127.0.0.1:1/mymaster')
    await expect(nowhere).rejects.toThrow(/REDIS_URL: Redis cannot be used \(All sentinels/)
    const other = openStore(`${redis.url}x`)
    await expect(other).rejects.toThrow(/^REDIS_URL: the sentinels know no master "mymasterx"; write/)
  })

  it('is told from its replicas, its sentinels and any other Redis, with what to write instead', async () => {
    const master = await masterNow()
    const [sentinel, replica] = [redis.sentinels[0], redis.servers.find(server => server !== master)]
    const follows = `is a replica.*write its master, which it has at ${new URL(master.url).host}`
    await expect(openStore(replica?.url)).rejects.toThrow(new RegExp(`^REDIS_URL: this Redis ${follows}`))
    const asServer = /^REDIS_URL: this is a sentinel.*write redis\+sentinel:/
    for (const db of ['', '/2']) await expect(openStore(`${sentinel?.url}${db}`)).rejects.toThrow(asServer)
    const plain = `${master.url.replace('redis:', 'redis+sentinel:')}/mymaster`
    await expect(openStore(plain)).rejects.toThrow(
      /^REDIS_URL: where a sentinel should be there is plain Redis/,
    )
  })

  it('refuses what no replica has, as long as that is so', async () => {
    const store = await openStore()
    await open(store, 'ana', 'room')
    const master = await masterNow()
    const replicas = redis.servers.filter(server => server !== master)
    for (const replica of replicas) replica.pause()
    try {
      const tries = Array.from({ length: 20 }, (_, i) => store.accept(toAgent('ana', `m${i}`), T0))
      const start = performance.now()
      for (const answer of await Promise.allSettled(tries))
        expect(answer).toMatchObject({ status: 'rejected', reason: unavailable })
      expect(performance.now() - start).toBeLessThan(3_000)
      expect(await isFine(store)).toBe(false)
    } finally {
      for (const replica of replicas) replica.resume()
    }
    await until('it works again', () => isFine(store))
    expect(await store.accept(toAgent('ana', 'm0'), T0)).toMatchObject({ outcome: 'repeat', fate: 'waiting' })
  })

  it('waits once for all that is written at the same time', async () => {
    const store = await openStore()
    await open(store, 'ana', 'room')
    const waits = async () => {
      const stats = String(await tell(await masterNow(), 'INFO', 'commandstats'))
      return Number(/cmdstat_wait:calls=(\d+)/.exec(stats)?.[1] ?? 0)
    }
    const before = await waits()
    await Promise.all(Array.from({ length: 50 }, (_, i) => store.accept(toAgent('ana', `m${i}`), T0)))
    expect(await waits()).toBeLessThanOrEqual(before + 2)
  })

  it('may lose its place while it lives, or die: another goes on, with all that was answered', async () => {
    const store = await openStore()
    const heard: string[] = []
    await store.hear('a', text => heard.push(text))
    const traffic = await startTraffic(store)
    await traffic.goesOn()
    await failOver(() => tell(redis.sentinels[0] as RedisServer, 'SENTINEL', 'FAILOVER', 'mymaster'))
    await traffic.goesOn()
    await redis.ready(1)
    await failOver(master => master.kill())
    await traffic.goesOn()
    await traffic.check()
    await until('it is heard', async () => {
      await store.tell('a', 'word').catch(() => undefined)
      return heard.includes('word')
    })
  })
})

describe('a server that becomes a replica', () => {
  it('is connected to anew, which may lead elsewhere, and once for all that it refuses', async () => {
    const printed: string[] = []
    const onWarning = ({ name }: Error) => printed.push(name)
    process.on('warning', onWarning)
    const server = await startRedis()
    const store = await openStore(server.url)
    const before = await oldest(server)
    await tell(server, 'REPLICAOF', '127.0.0.1', '1')
    const tries = Array.from({ length: 100 }, (_, i) => open(store, `client${i}`, `room${i}`))
    for (const one of await Promise.allSettled(tries))
      expect(one).toMatchObject({ status: 'rejected', reason: unavailable })
    await until('the connection is another', async () => (await oldest(server)) > before)
    await tell(server, 'REPLICAOF', 'NO', 'ONE')
    await until('it is used again', () => isFine(store))
    expect(printed).toEqual([])
    process.off('warning', onWarning)
    await server.stop()
  })
})

describe('a database of a server', () => {
  it('is refused at the start when the server does not have it', async () => {
    const { url } = await masterNow()
    await expect(openStore(`${url}/99`)).rejects.toThrow(
      /^REDIS_URL: Redis does not let us use the database.*out of range.*0 to 15/,
    )
    await expect(openStore(`${redis.url}/99`)).rejects.toThrow(/^REDIS_URL: Redis does not let us use/)
  })

  it('is left for no other when it cannot be used any more', async () => {
    const server = await startRedis()
    const store = await openStore(`${server.url}/3`)
    const connection = await oldest(server)
    await tell(server, 'ACL', 'SETUSER', 'default', '-select')
    await tell(server, 'CLIENT', 'KILL', 'ID', String(connection))
    const refusals = async () =>
      Number(/count,(\d+)/.exec(String(await tell(server, 'ACL', 'LOG')))?.[1] ?? 0)
    await until('it was asked for more than once', async () => {
      expect(await isFine(store)).toBe(false)
      return (await refusals()) > 1
    })
    await tell(server, 'ACL', 'SETUSER', 'default', '+select')
    await until('it is used again', () => isFine(store))
    expect(await tell(server, 'DBSIZE')).toBe(0)
    await server.stop()
  })
})

describe('a master that was cut off from the sentinels', () => {
  it('is left when one of them names another', async () => {
    const [server, sentinel] = await Promise.all([startRedis(), startRedis()])
    const { hostname, port } = new URL(sentinel.url)
    const address = readRedisAddress(`redis+sentinel://${hostname}:${port}/mymaster`)
    const [here, there] = [new Redis(server.url), new Redis(sentinel.url)]
    const end = watchSentinels(address, [here, there])
    await until('both are there', () => here.status === 'ready' && there.status === 'ready')
    const [stayed, left] = [there.stream, here.stream]
    const news = (name: string) => `${name} 127.0.0.1 1 ${hostname} ${port}`
    await until('it is left', async () => {
      for (const name of ['other', 'mymaster']) await tell(sentinel, 'PUBLISH', '+switch-master', news(name))
      return here.stream !== left
    })
    expect(there.stream).toBe(stayed)
    end()
    for (const one of [here, there]) one.disconnect()
    await Promise.all([server.stop(), sentinel.stop()])
  })
})
