import { join } from 'node:path'
import { Redis } from 'ioredis'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { startCluster } from '../../test/support/redis-cluster.ts'
import { type RedisServer, startRedis } from '../../test/support/redis-server.ts'
import type { Talk } from '../requests.ts'
import { configOf, launchService, type Service } from '../service.ts'
import { type Stage, TALKS } from '../stage.ts'
import { openTalks } from '../talks.ts'
import { STORE_OPTIONS } from './kinds.ts'
import type { Identity, Pattern } from './pattern.ts'
import { residentMemory, usedMemory } from './redis-usage.ts'
import { sow } from './sow.ts'

/** One Redis, or a cluster, with so many idle sessions in it, and so many replicas of the service over it. */
export type Subject = {
  name: string
  sessions: number
  /** Empty until `startReplicas`. */
  replicas: Service[]
  talks: Talk[]
  url: string
  /** The bench's own connections, to read what the servers have used; and its own store. */
  nodes: Redis[]
  store: Store
  /** What the sessions took when they had just been written, in bytes, and how long writing took. */
  sown: { used: number; resident: number; seconds: number }
  stop(): Promise<void>
}

type Progress = (done: number) => void

export async function sowSubject(sessions: number, pattern: Pattern, onProgress: Progress): Promise<Subject> {
  const server = await startRedis()
  const subject = await createSubject(server.url, [server], server.stop)
  await fill(subject, sessions, pattern, onProgress)
  return subject
}

/** A cluster of three without sessions: those are written by scripts that know of one server only. */
export async function clusterSubject(): Promise<Subject> {
  const cluster = await startCluster()
  const subject = await createSubject(cluster.url, cluster.nodes, cluster.stop)
  // As the single servers run.
  await Promise.all(subject.nodes.map(node => node.config('SET', 'appendonly', 'no')))
  return subject
}

async function createSubject(
  url: string,
  servers: RedisServer[],
  stopServers: () => Promise<void>,
): Promise<Subject> {
  const nodes = servers.map(server => new Redis(server.url))
  const store = await openRedisStore(url, STORE_OPTIONS)
  const subject: Subject = {
    name: '',
    sessions: 0,
    replicas: [],
    talks: [],
    url,
    nodes,
    store,
    sown: { used: 0, resident: 0, seconds: 0 },
    async stop() {
      await Promise.all(subject.replicas.map(({ process }) => process.stop()))
      await store.close()
      for (const node of nodes) node.disconnect()
      await stopServers()
    },
  }
  return subject
}

async function fill(subject: Subject, sessions: number, pattern: Pattern, onProgress: Progress) {
  const [node] = subject.nodes as [Redis]
  const [used, resident] = [await usedMemory(node), await residentMemory(node)]
  const started = performance.now()
  const last = await sow(subject.url, pattern, sessions, onProgress)
  const seconds = (performance.now() - started) / 1000
  await checkSown(subject.store, last)
  subject.sessions = sessions
  subject.sown = {
    used: (await usedMemory(node)) - used,
    resident: (await residentMemory(node)) - resident,
    seconds,
  }
}

/** The store must take a copy for a session of its own, by each of its ids. */
async function checkSown(store: Store, { session, userid, conversation }: Identity): Promise<void> {
  const byClient = await store.findByClient(userid)
  const desk = byClient?.session.desk ?? ''
  const byConversation = await store.findByConversation(desk, conversation)
  const found = [byClient?.session.id, byConversation?.id]
  if (found.some(id => id !== session) || byClient?.session.state !== 'assigned')
    throw new Error('the store does not know the sessions that were written as its own')
}

/** The conversations must not have been silent for minutes when the load comes, so this is done when all is written. */
export async function startReplicas(
  { other, dir }: Stage,
  subject: Subject,
  replicas: number,
): Promise<void> {
  subject.name = describe(subject, replicas)
  const setup = { dir: join(dir, subject.name), config: configOf(other), redisUrl: subject.url }
  for (let i = 0; i < replicas; i++) subject.replicas.push(await launchService(setup))
  const { url = '' } = subject.replicas[0] ?? {}
  subject.talks = await openTalks(other, url, TALKS * replicas)
}

function describe({ sessions, nodes }: Subject, replicas: number): string {
  const stored = sessions > 0 ? `${sessions.toLocaleString('en')} sessions` : 'none'
  const count = replicas === 1 ? '1 replica' : `${replicas} replicas`
  return [stored, count, ...(nodes.length > 1 ? [`${nodes.length} nodes`] : [])].join(', ')
}
