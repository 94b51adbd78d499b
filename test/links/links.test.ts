import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Link } from '../../src/desks/desk.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import { createSwitchboard } from '../../src/links/switchboard.ts'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { OPTIONS } from '../store/fixtures.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import {
  aborted,
  answering,
  anyCall,
  LINK,
  type Replica,
  type ReplicaOptions,
  startReplica,
} from './replica.ts'

let redis: RedisServer
let store: Store
const running: Replica[] = []
const opened: Store[] = []
let prefix = 0

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
afterEach(async () => {
  await Promise.all(running.splice(0).map(replica => replica.stop()))
  await Promise.all(opened.splice(0).map(one => one.close()))
})

async function fresh(): Promise<void> {
  prefix += 1
  store = await another()
}

async function another(): Promise<Store> {
  const one = await openRedisStore(redis.url, OPTIONS, { prefix: `links-${prefix}` })
  opened.push(one)
  return one
}

function start(options: Partial<ReplicaOptions> & Pick<ReplicaOptions, 'name' | 'run'>): Replica {
  const replica = startReplica({ store, ...options })
  running.push(replica)
  return replica
}

/** A replica whose link is up before the next one starts. */
async function startFirst(run: ReplicaOptions['run'], name = 'first'): Promise<Replica> {
  const replica = start({ name, run })
  await until('the link is up', () => replica.state() === 'connected')
  return replica
}

const echo = async (question: unknown) => (question === undefined ? undefined : { heard: question })

describe('a link', () => {
  it('runs on one replica, and on another after a graceful stop', async () => {
    await fresh()
    const seen: Link[] = []
    const first = await startFirst(answering(echo, seen))
    const second = start({ name: 'second', run: answering(echo, seen), store: await another() })
    await until('the second has asked', () => second.state() === 'elsewhere')
    await first.stop()
    expect(seen[0]?.signal.aborted).toBe(true)
    await until('the second has it', () => second.state() === 'connected')
    expect(seen).toHaveLength(2)
    expect(first.state()).toBe('elsewhere')
  })

  it('is taken over from a replica that has fallen silent, which may do nothing more with it', async () => {
    await fresh()
    const seen: Link[] = []
    const silent: Store = { ...store, renewLink: () => new Promise(() => undefined) }
    const first = start({ name: 'first', run: answering(echo, seen), store: silent })
    await until('the first has it', () => first.state() === 'connected')
    const second = start({ name: 'second', run: answering(echo, seen), store: await another() })
    await until('the second has it', () => second.state() === 'connected')
    const [old] = seen as [Link, Link]
    expect(old.signal.aborted).toBe(true)
    await expect(old.sessions()).rejects.toMatchObject({ code: 'FENCED' })
  })

  it('finds by the clock that it has slept too long, before any timer does', async () => {
    await fresh()
    const seen: Link[] = []
    let slept = 0
    const clock = { now: () => Date.now() + slept }
    const emitted: unknown[] = []
    const emit = async (...all: unknown[]) => void emitted.push(all)
    const replica = start({ name: 'sleeper', run: answering(echo, seen), clock, emit })
    await until('the link is up', () => replica.state() === 'connected')
    slept = 60_000
    const [link] = seen as [Link]
    const session = { id: 's', desk: 'desk', conversation: { id: 'c', state: null } } as never
    await expect(link.emit(session, { type: 'typing', conversation: 'c' })).rejects.toMatchObject({
      code: 'FENCED',
    })
    await expect(replica.ask('anything')).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(emitted).toEqual([])
  })

  it('is taken up again after it broke, on the same replica', async () => {
    await fresh()
    let runs = 0
    const replica = start({
      name: 'only',
      run: async link => {
        runs += 1
        if (runs === 1) throw new Error('the connection was cut')
        if (runs === 2) return
        link.report('connected')
        await aborted(link.signal)
      },
    })
    await until('the link is up', () => replica.state() === 'connected')
    expect(runs).toBe(3)
  })

  it('is stopped by bad credentials, and no other replica tries them', async () => {
    await fresh()
    const runs: string[] = []
    const refuse = (name: string) => async () => {
      runs.push(name)
      throw new MediatorError('MISCONFIGURED', 'the password is wrong')
    }
    const first = start({ name: 'first', run: refuse('first') })
    await until('it has stopped', () => first.state() === 'bad-credentials')
    const second = start({ name: 'second', run: refuse('second'), store: await another() })
    await until(
      'the lease was renewed',
      async () => (await store.holderOfLink(LINK, Date.now() + 5_900)) !== undefined,
    )
    expect(runs).toEqual(['first'])
    expect(second.state()).toBe('elsewhere')
    expect(first.state()).toBe('bad-credentials')
    const refusal = { code: 'MISCONFIGURED', message: expect.stringContaining('the password is wrong') }
    await expect(first.ask('anything')).rejects.toMatchObject(refusal)
    await expect(second.ask('anything')).rejects.toMatchObject(refusal)
  })
})

describe('a call to a link', () => {
  it('is answered on the replica that runs it, whoever asks', async () => {
    await fresh()
    const first = await startFirst(answering(echo))
    const second = start({ name: 'second', run: answering(echo), store: await another() })
    expect(await first.ask({ say: 'ü "1"' })).toEqual({ heard: { say: 'ü "1"' } })
    expect(await second.ask({ say: 'ü "2"' })).toEqual({ heard: { say: 'ü "2"' } })
    expect(await second.ask(undefined)).toBeUndefined()
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => second.ask(i)))
    expect(many).toEqual(Array.from({ length: 50 }, (_, i) => ({ heard: i })))
  })

  it('brings the error of its handler, whoever asks', async () => {
    await fresh()
    const refuse = async () => {
      throw new MediatorError('THROTTLED', 'too fast', { retryAt: 1234 })
    }
    const first = await startFirst(answering(refuse))
    const second = start({ name: 'second', run: answering(echo), store: await another() })
    const thrown = { code: 'THROTTLED', message: 'too fast', retryAt: 1234 }
    await expect(first.ask(1)).rejects.toMatchObject(thrown)
    await expect(second.ask(1)).rejects.toMatchObject(thrown)
  })

  it('times out where the handler hangs', async () => {
    await fresh()
    const first = await startFirst(answering(() => new Promise(() => undefined)))
    const second = start({ name: 'second', run: answering(echo), store: await another() })
    await expect(first.ask(1, 50)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(second.ask(1, 50)).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('is unreachable where no replica runs it, or the one that does takes no calls', async () => {
    await fresh()
    const asker = start({ name: 'asker', run: async link => aborted(link.signal) })
    await until('it runs', () => asker.state() === 'connecting')
    await expect(asker.ask(1)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await asker.stop()
    await expect(asker.ask(1)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await store.takeLink(LINK, 'a dead replica', 60_000, Date.now())
    await expect(asker.ask(1)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('ends with the caller’s own signal', async () => {
    await fresh()
    await startFirst(answering(() => new Promise(() => undefined)))
    const stop = new AbortController()
    const far = createSwitchboard(await another(), 'far', { now: Date.now }, pino({ level: 'silent' }))
    const asked = far.doorOf('desk').ask('line', 1, { ...anyCall(), signal: stop.signal })
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'TIMEOUT' })
    await far.close()
  })
})
