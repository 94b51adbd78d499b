import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import { OPTIONS, T0 } from './fixtures.ts'
import { startRelay } from './relay.ts'

const unavailable = { name: 'MediatorError', code: 'STORE_UNAVAILABLE' }

let server: RedisServer
/** Sees what the stores do to the server. */
let witness: Redis
let prefix = ''
const stores: Store[] = []

beforeAll(async () => {
  server = await startRedis()
  witness = new Redis(server.url)
  witness.on('error', () => undefined)
})
afterAll(async () => {
  witness.disconnect()
  await server.stop()
})
beforeEach(() => {
  prefix = `links${Math.random()}`
})
afterEach(async () => {
  await Promise.all(stores.splice(0).map(store => store.close()))
})

/** A replica's store; all of one test share their keys. */
async function replica(url = server.url): Promise<Store> {
  const store = await openRedisStore(url, OPTIONS, { prefix })
  stores.push(store)
  return store
}

const connections = async () =>
  String(await witness.client('LIST'))
    .trim()
    .split('\n').length

/** Says it again and again, until it was heard. */
function tellUntil(store: Store, channel: string, isHeard: () => boolean): Promise<unknown> {
  return until('it is heard', async () => {
    await store.tell(channel, 'word').catch(() => undefined)
    return isHeard()
  })
}

describe('links of several replicas', () => {
  it('are won by exactly one of two who take them at the same moment', async () => {
    const [one, two] = [await replica(), await replica()]
    const fences: number[] = []
    for (let round = 0; round < 100; round += 1) {
      const link = `chat/line${round % 3}`
      const now = T0 + round * 6_000
      const tries = [one.takeLink(link, 'one', 6_000, now), two.takeLink(link, 'two', 6_000, now)]
      const won = (await Promise.all(tries)).filter(lease => lease !== undefined)
      expect(won).toHaveLength(1)
      expect(await one.holderOfLink(link, now)).toEqual(won[0])
      expect(await two.holderOfLink(link, now)).toEqual(won[0])
      fences.push(...won.map(({ fence }) => fence))
    }
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b))
  })

  it('have growing fences even where every key was lost', async () => {
    const one = await replica()
    const first = await one.takeLink('chat/line', 'one', 6_000, T0)
    await witness.flushall()
    const second = await one.takeLink('chat/line', 'one', 6_000, T0 + 1)
    expect(second?.fence).toBeGreaterThan(first?.fence ?? Number.NaN)
  })

  it('keep the leases of a desk and its fences on one node of a cluster', async () => {
    const one = await replica()
    for (const link of ['chat/a', 'chat/b', 'genesys/a']) await one.takeLink(link, 'one', 6_000, T0)
    const keys = (await witness.keys(`${prefix}*link*`)).sort()
    expect(keys).toHaveLength(5)
    const tags = new Set(keys.map(key => /\{(.*?)\}/.exec(key)?.[1]))
    expect([...tags]).toEqual(['link:chat', 'link:genesys'])
  })
})

describe('talk of several replicas', () => {
  it('goes from one to the other, and to nobody with another prefix', async () => {
    const [one, two] = [await replica(), await replica()]
    const stranger = await openRedisStore(server.url, OPTIONS, { prefix: `${prefix}x` })
    stores.push(stranger)
    const heard: string[] = []
    await stranger.hear('a', text => heard.push(`stranger ${text}`))
    await one.hear('a', text => heard.push(`one ${text}`))
    await two.tell('a', '1')
    await one.tell('a', '2')
    await until('both are heard', () => heard.length === 2)
    expect(heard).toEqual(['one 1', 'one 2'])
  })

  it('takes one connection more, when it is first listened for, until the store is closed', async () => {
    await until('only the witness is connected', async () => (await connections()) === 1)
    const store = await replica()
    expect(await connections()).toBe(2)
    await Promise.all(['a', 'b'].map(channel => store.hear(channel, () => undefined)))
    expect(await connections()).toBe(3)
    await store.close()
    await until('both are gone', async () => (await connections()) === 1)
  })

  it('is not sent any more to whoever has given it up', async () => {
    const store = await replica()
    const [first, second] = [await store.hear('a', () => undefined), await store.hear('a', () => undefined)]
    const channel = `${prefix}:channel:a`
    await first()
    expect(await witness.pubsub('NUMSUB', channel)).toEqual([channel, 1])
    await second()
    expect(await witness.pubsub('NUMSUB', channel)).toEqual([channel, 0])
  })
})

describe('talk while Redis comes and goes', () => {
  it('is heard again after each restart, on the channels still listened to', async () => {
    const store = await replica()
    const heard: string[] = []
    await store.hear('a', text => heard.push(`a ${text}`))
    await store.hear('b', text => heard.push(`b ${text}`))
    const deafen = await store.hear('c', text => heard.push(`c ${text}`))
    for (let round = 0; round < 3; round += 1) {
      await server.kill()
      await expect(store.tell('a', 'lost')).rejects.toMatchObject(unavailable)
      if (round === 0) await deafen()
      await server.restart()
      heard.length = 0
      await until('it can be told', () =>
        store.tell('c', 'word').then(
          () => true,
          () => false,
        ),
      )
      await tellUntil(store, 'a', () => heard.includes('a word'))
      await tellUntil(store, 'b', () => heard.includes('b word'))
    }
    const channel = `${prefix}:channel:c`
    expect(await witness.pubsub('NUMSUB', channel)).toEqual([channel, 0])
    expect(heard).not.toContain('c word')
  })

  it('cannot be listened for while Redis is down, whether it was before or not', async () => {
    const [used, fresh] = [await replica(), await replica()]
    const heard: string[] = []
    await used.hear('a', () => undefined)
    await server.kill()
    for (const store of [used, fresh, fresh]) {
      const hearing = store.hear('a', () => heard.push('one that was refused'))
      await expect(hearing).rejects.toMatchObject(unavailable)
    }
    await server.restart()
    for (const [name, store] of Object.entries({ used, fresh })) {
      await until('it can be listened for', () =>
        store.hear('a', () => heard.push(name)).catch(() => undefined),
      )
      await tellUntil(store, 'a', () => heard.includes(name))
    }
    expect(heard).not.toContain('one that was refused')
  })

  it('cannot be listened for while Redis answers nothing', async () => {
    const store = await replica()
    server.pause()
    try {
      await expect(store.hear('a', () => undefined)).rejects.toMatchObject(unavailable)
    } finally {
      server.resume()
    }
    await until('it can be listened for', () => store.hear('a', () => undefined).catch(() => undefined))
  })

  it('is heard again after its connection was cut, or died without a word', async () => {
    const relay = await startRelay(server.url)
    const [far, near] = [await replica(relay.url), await replica()]
    const heard: string[] = []
    await far.hear('a', text => heard.push(text))
    for (const lose of [() => witness.call('CLIENT', 'KILL', 'TYPE', 'pubsub'), relay.silence]) {
      await lose()
      heard.length = 0
      await tellUntil(near, 'a', () => heard.length > 0)
    }
    await far.close()
    await relay.close()
  })
})
