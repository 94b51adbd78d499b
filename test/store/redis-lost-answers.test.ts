import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Outcome, Store, Work } from '../../src/store/store.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import {
  acceptWork,
  DAY,
  draft,
  end,
  fromDesk,
  fromLink,
  handBack,
  notice,
  OPTIONS,
  open,
  opened,
  opening,
  register,
  removed,
  retry,
  say,
  settle,
  T0,
  toAgent,
} from './fixtures.ts'
import { type LosingRelay, startLosingRelay } from './losing-relay.ts'

const unavailable = { name: 'MediatorError', code: 'STORE_UNAVAILABLE' }
const LATER = T0 + DAY

type Step = () => Promise<unknown>
/** What comes before is done without a loss; the step is given to be repeated. */
type Scene = (store: Store) => Promise<Step>

const settled =
  (outcome: Outcome): Scene =>
  async store => {
    await open(store, 'ana', 'room')
    const work = await acceptWork(store, toAgent('ana', 'm1'))
    await store.accept(toAgent('ana', 'm2'), T0)
    return () => settle(store, work, outcome)
  }

const ofOpening =
  (outcome: Outcome): Scene =>
  async store => {
    const work = await register(store, 'ana')
    return () => settle(store, work, outcome)
  }

const gone: Outcome = {
  kind: 'removed',
  dead: 'gone',
  tell: notice('n'),
  ending: { at: T0, reason: 'gone' },
  handBack: handBack('e'),
}

async function withDeadLetter(store: Store): Promise<string> {
  await open(store, 'ana', 'room')
  const work = await acceptWork(store, toAgent('ana', 'm1'))
  await settle(store, work, { kind: 'removed', dead: 'refused' })
  const [letter] = await store.deadLetters({ limit: 1 })
  return letter?.id ?? ''
}

const SCENES: Record<string, Scene> = {
  register: async store => () => store.register(draft('ana'), opening, T0),
  async 'register of one who is registered'(store) {
    await open(store, 'ana', 'room')
    return () => store.register(draft('ana'), opening, T0)
  },
  async 'accept by client'(store) {
    await open(store, 'ana', 'room')
    return () => store.accept(toAgent('ana', 'm'), T0)
  },
  async 'accept by conversation'(store) {
    await open(store, 'ana', 'room')
    return () => store.accept(fromDesk('room', 'm'), T0)
  },
  async 'accept by conversation while it is being opened'(store) {
    await register(store, 'ana')
    const to = { by: 'conversation', desk: 'desk', conversation: 'room', client: 'ana' } as const
    return () => store.accept(fromDesk('room', 'm', { to }), T0)
  },
  async 'accept of a change'(store) {
    await open(store, 'ana', 'room')
    const change = { state: 'assigned', agent: 'Bea' } as const
    return () => store.accept(fromDesk('room', 'm', { change }), T0)
  },
  async 'accept from a link'(store) {
    const session = await open(store, 'ana', 'room')
    return () => store.accept(fromLink(session, 'm', { fence: 3, cursor: '7' }), T0)
  },
  async 'accept of an ending'(store) {
    const session = await open(store, 'ana', 'room')
    return () => store.accept({ ...end(session, T0), dedupe: 'closed' }, T0)
  },
  async 'accept of an ending by the bot'(store) {
    await open(store, 'ana', 'room')
    const ending = { at: T0, reason: 'bot', deskAt: T0 } as const
    const to = { by: 'client', userid: 'ana' } as const
    return () => store.accept({ to, direction: 'to_agent', entries: [], ending }, T0)
  },
  'settle: removed': settled(removed),
  'settle: removed with all consequences': settled(gone),
  'settle: expanded': settled({ kind: 'expanded', into: [say('m1.1'), say('m1.2')] }),
  'settle: retry': settled(retry(LATER)),
  'settle: retry with a notice': settled(retry(LATER, { tell: notice('n') })),
  'settle: opened': ofOpening(opened('room', { agent: 'Bea' })),
  'settle: abandoned': ofOpening({ kind: 'abandoned' }),
  async claim(store) {
    const session = await open(store, 'ana', 'room')
    await store.accept(toAgent('ana', 'm'), T0)
    return () => store.claim(session.id, 'to_agent', LATER)
  },
  async renew(store) {
    const { turn }: Work = await register(store, 'ana')
    return () => store.renew(turn, T0 + 1)
  },
  async forget(store) {
    const session = await open(store, 'ana', 'room')
    await store.accept(end(session, T0), T0)
    return () => store.forget(session.id, LATER)
  },
  async replay(store) {
    const id = await withDeadLetter(store)
    return () => store.replay(id, LATER)
  },
  async followSession(store) {
    const session = await open(store, 'ana', 'room')
    return () => store.followSession(session.id, 5)
  },
  takeLink: async store => () => store.takeLink('chat/line', 'one', 1_000, T0),
  async renewLink(store) {
    const lease = await store.takeLink('chat/line', 'one', 1_000, T0)
    return () => (lease ? store.renewLink(lease, 1_000, T0 + 1) : Promise.reject(new Error('not taken')))
  },
  async releaseLink(store) {
    const lease = await store.takeLink('chat/line', 'one', 1_000, T0)
    return () => (lease ? store.releaseLink(lease) : Promise.reject(new Error('not taken')))
  },
}

let server: RedisServer
let witness: Redis
let relay: LosingRelay
let opens = 0

beforeAll(async () => {
  server = await startRedis()
  witness = new Redis(server.url)
  relay = await startLosingRelay(server.url)
})
afterAll(async () => {
  await relay.close()
  witness.disconnect()
  await server.stop()
})

async function openStore(url: string): Promise<{ store: Store; prefix: string }> {
  opens += 1
  const prefix = `lost${opens}x`
  return { store: await openRedisStore(url, OPTIONS, { prefix }), prefix }
}

/** All that is kept under a prefix, with other names for what no two runs have in common. */
async function contents(prefix: string): Promise<Record<string, unknown>> {
  const all = (await witness.keys(`${prefix}:*`)).sort()
  const ends = await Promise.all(all.map(key => isRunningOut(key)))
  const keys = all.filter((_, i) => !ends[i])
  const values = await Promise.all(keys.map(key => read(key)))
  const ids = keys.map(key => /\}:s:(.*)$/.exec(key)?.[1]).filter(id => id !== undefined)
  const text = JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, values[i]])))
  const plain = ids.reduce((sum, id) => sum.replaceAll(id, 'SESSION'), text.replaceAll(prefix, ''))
  return JSON.parse(plain)
}

/** A pointer from a conversation whose session is gone. */
async function isRunningOut(key: string): Promise<boolean> {
  return key.includes(':conversation:') && (await witness.pttl(key)) > 0
}

async function read(key: string): Promise<unknown> {
  switch (await witness.type(key)) {
    case 'string':
      return witness.get(key)
    case 'hash':
      return witness.hgetall(key)
    case 'list':
      return witness.lrange(key, 0, -1)
    case 'set':
      return (await witness.smembers(key)).sort()
    default:
      return witness.zrange(key, '0', '-1', 'WITHSCORES')
  }
}

/** The scene played with nothing lost. */
async function play(scene: Scene): Promise<Record<string, unknown>> {
  const { store, prefix } = await openStore(server.url)
  await (await scene(store))()
  await store.close()
  return contents(prefix)
}

/** The scene with the n-th answer of its step lost, and the step done again. Undefined: it has fewer answers. */
async function playWithLoss(scene: Scene, n: number): Promise<Record<string, unknown> | undefined> {
  const { store, prefix } = await openStore(relay.url)
  const step = await scene(store)
  relay.lose(n)
  const answer = await step().catch(error => error)
  const hasLost = relay.hasLost()
  relay.lose(Number.POSITIVE_INFINITY)
  if (hasLost) {
    expect(answer).toMatchObject(unavailable)
    await until('it is connected again', () =>
      step().then(
        () => true,
        () => false,
      ),
    )
  }
  await store.close()
  return hasLost ? contents(prefix) : undefined
}

describe('an answer that gets lost', () => {
  it.each(Object.entries(SCENES))('is made good by doing it again: %s', async (name, scene) => {
    const expected = await play(scene)
    let losses = 0
    for (;;) {
      const found = await playWithLoss(scene, losses)
      if (!found) break
      losses += 1
      // The holder of a link who takes it again has a new lease.
      if (name === 'takeLink') expect(Object.keys(found)).toEqual(Object.keys(expected))
      else expect(found).toEqual(expected)
    }
    expect(losses).toBeGreaterThan(0)
  })

  it('is told as a repeat, with its fate', async () => {
    const { store } = await openStore(relay.url)
    await open(store, 'ana', 'room')
    relay.lose(0)
    await expect(store.accept(toAgent('ana', 'm'), T0)).rejects.toMatchObject(unavailable)
    const again = await until('it is connected again', () =>
      store.accept(toAgent('ana', 'm'), T0).catch(() => undefined),
    )
    expect(again).toMatchObject({ outcome: 'repeat', fate: 'waiting' })
    await store.close()
  })

  it('doubles a letter without an id only if the sender says it again', async () => {
    const { store, prefix } = await openStore(relay.url)
    const session = await open(store, 'ana', 'room')
    const { dedupe: _, ...letter } = toAgent('ana', 'm')
    relay.lose(0)
    await expect(store.accept(letter, T0)).rejects.toMatchObject(unavailable)
    await until('it is connected again', () =>
      store.check().then(
        () => true,
        () => false,
      ),
    )
    const [box] = await witness.keys(`${prefix}:*m:${session.id}:a`)
    expect(await witness.llen(box ?? '')).toBe(1)
    await store.accept(letter, T0)
    expect(await witness.llen(box ?? '')).toBe(2)
    await store.close()
  })
})
