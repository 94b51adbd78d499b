import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Room } from '../../simulators/rocketchat/index.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Session } from '../../src/domain/session.ts'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { shardOfClient } from '../../src/store/redis/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { agentReads } from '../e2e/rocketchat-conversation.ts'
import { expectEnvelope, registerSomebody, saying, TO_AGENT } from '../http/asks.ts'
import { type RedisCluster, startCluster } from '../support/redis-cluster.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'
import { DAY, drain, OPTIONS, open, T0, toAgent } from './fixtures.ts'
import { CLIENTS, startTraffic, type Traffic } from './traffic.ts'

/** The master whose replica fails, and takes its place then. */
const LOST = 1
/** How far behind its master's a replica's place is. */
const REPLICA = 3

const NOT_CONFIRMED = /: a write may be lost at a failover, .*: 0 of 1 have confirmed it in 1000 ms$/
/** What is said while a master is away and nobody has its place yet, and while the next one has no replica yet. */
const REASONS =
  /Connection is closed|CLUSTERDOWN The cluster is down|the cluster is not connected|may be lost at a failover/

let cluster: RedisCluster
let url = ''
const stores: Store[] = []

beforeAll(async () => {
  cluster = await startCluster(3, { replicated: true })
  url = `${cluster.url}?replicas=1`
})
afterAll(async () => {
  await Promise.all(stores.map(store => store.close()))
  await cluster.stop()
})

async function openStore(prefix: string, onWarning = (_text: string): void => undefined): Promise<Store> {
  const store = await openRedisStore(url, OPTIONS, { prefix, onWarning })
  stores.push(store)
  return store
}

const holderOf = (userid: string, prefix: string) =>
  cluster.nodeOf(`${prefix}:{${shardOfClient(userid)}}:due`)

async function findClientOn(node: number, prefix: string): Promise<string> {
  const holders = await Promise.all(CLIENTS.map(userid => holderOf(userid, prefix)))
  return CLIENTS[holders.indexOf(node)] as string
}

const accept = (store: Store, userid: string, id: string) =>
  store.accept(toAgent(userid, id), T0).then(
    () => 'accepted',
    (error: unknown) => (error instanceof MediatorError ? `${error.code}: ${error.message}` : error),
  )

async function tell(server: RedisServer | undefined, command: string): Promise<string> {
  const admin = new Redis(String(server?.url))
  return String(await admin.call(command).finally(() => admin.disconnect()))
}

describe('a cluster with a replica for each master', () => {
  it('starts without a warning when each write waits for them', async () => {
    const warnings: string[] = []
    await openStore('quiet', text => warnings.push(text))
    expect(warnings).toEqual([])
  })

  it('promises nothing that a silent replica has not confirmed, whoever says it again', async () => {
    const [store, other] = [await openStore('frozen'), await openStore('frozen')]
    const [near, far] = [await findClientOn(LOST, 'frozen'), await findClientOn(0, 'frozen')]
    const session = await open(store, near, 'room')
    await open(store, far, 'another room')
    const replica = cluster.replicas[LOST]
    replica?.pause()
    try {
      const answers = await Promise.all(['m1', 'm2'].map(id => accept(store, near, id)))
      for (const answer of answers) expect(answer).toMatch(NOT_CONFIRMED)
      // It wrote nothing by itself, and finds what is written.
      expect(await accept(other, near, 'm1')).toMatch(NOT_CONFIRMED)
      expect(await accept(store, far, 'm1')).toBe('accepted')
    } finally {
      replica?.resume()
    }
    await until('it is confirmed', async () => (await accept(store, near, 'm1')) === 'accepted')
    expect(await drain(store, session.id, 'to_agent', T0 + DAY)).toEqual(['m1', 'm2'])
  })
})

describe('a master that was lost before its replica had heard the last', () => {
  let [busy, idle]: Store[] = []
  let traffic: Traffic
  let waiting: Session
  let world: World
  let served: { uuid: string; room: Room }

  beforeAll(async () => {
    busy = await openStore('busy')
    idle = await openStore('idle')
    world = await startWorld({ env: { REDIS_URL: url } })
    waiting = await open(idle, await findClientOn(LOST, 'idle'), 'room')
    expect(await accept(idle, waiting.client.uuid, 'm1')).toBe('accepted')
    served = await registerOn(LOST)
    expectEnvelope(await say('before'), 200, 'success')
    traffic = await startTraffic(busy)
    await traffic.goesOn()
    await loseMaster()
  })
  afterAll(() => world?.stop())

  async function registerOn(node: number): Promise<typeof served> {
    for (;;) {
      const { uuid } = await registerSomebody(world)
      const room = world.rocketchat.openRoomOf(uuid)
      if (room && (await holderOf(uuid, 'lam')) === node) return { uuid, room }
    }
  }

  const say = (text: string) => world.call('POST', TO_AGENT, saying(served.uuid, text))

  async function loseMaster(): Promise<void> {
    const [master, replica] = [cluster.nodes[LOST], cluster.replicas[LOST]]
    replica?.pause()
    await until('somebody is refused', () => traffic.refused() > 0)
    await master?.kill()
    replica?.resume()
    await until('the service refuses', async () => (await say('meanwhile')).status === 503)
    const { uuid } = waiting.client
    await until('its replica takes over', async () => (await holderOf(uuid, 'idle')) === LOST + REPLICA)
    // Nobody follows it yet.
    await until('it has to do without a replica', () =>
      busy?.check().catch(({ message }) => NOT_CONFIRMED.test(message)),
    )
    await master?.restart()
    await until('it is followed', async () => (await tell(replica, 'INFO')).includes('state=online'))
  }

  it('took nothing with it that was promised, and all of that is in order', async () => {
    await traffic.goesOn()
    await traffic.check()
  })

  it('is not missed by who heard of none of this: the first write is taken', async () => {
    expect(await accept(idle as Store, waiting.client.uuid, 'm2')).toBe('accepted')
    expect(await drain(idle as Store, waiting.id, 'to_agent', T0 + DAY)).toEqual(['m1', 'm2'])
  })

  it('is not missed by the service, whose log says why it could not work meanwhile', async () => {
    await until('it is taken', async () => (await say('after')).status === 200)
    const read = () => agentReads(world, served)
    await until('it is delivered', () => read().includes('after'))
    expect(read()[0]).toBe('before')
    const { log } = world.mediator
    await until('it is well', () => log.some(({ msg }) => msg === 'the store works again'))
    const failures = log.filter(({ msg }) => msg === 'the store fails')
    expect(failures).toEqual([expect.objectContaining({ reason: expect.stringMatching(REASONS) })])
  })
})
