import { Redis } from 'ioredis'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Store } from '../../src/store/store.ts'
import { startRedis } from '../../test/support/redis-server.ts'
import type { Running } from '../processes.ts'
import type { Talk } from '../requests.ts'
import { launchService, openTalks, type Stage } from '../stage.ts'
import { STORE_OPTIONS } from './kinds.ts'
import type { Identity, Pattern } from './pattern.ts'
import { residentMemory, usedMemory } from './redis-usage.ts'
import { sow } from './sow.ts'

/** One Redis with so many idle sessions in it, and so many replicas of the service over it. */
export type Subject = {
  name: string
  sessions: number
  /** Empty until `startReplicas`. */
  replicas: { url: string; process: Running }[]
  talks: Talk[]
  /** The bench's own connection, to read what the server has used; and its own store. */
  redis: Redis
  store: Store
  /** What the sessions took when they had just been written, in bytes, and how long writing took. */
  sown: { used: number; resident: number; seconds: number }
  stop(): Promise<void>
}

type Progress = (done: number) => void

export async function sowSubject(sessions: number, pattern: Pattern, onProgress: Progress): Promise<Subject> {
  const server = await startRedis()
  const redis = new Redis(server.url)
  const store = await openRedisStore(server.url, STORE_OPTIONS)
  const subject: Subject = {
    name: '',
    sessions,
    replicas: [],
    talks: [],
    redis,
    store,
    sown: { used: 0, resident: 0, seconds: 0 },
    async stop() {
      await Promise.all(subject.replicas.map(({ process }) => process.stop()))
      await store.close()
      redis.disconnect()
      await server.stop()
    },
  }
  subject.sown = await fill(subject, server.url, pattern, onProgress)
  return subject
}

async function fill(
  { redis, store, sessions }: Subject,
  url: string,
  pattern: Pattern,
  onProgress: Progress,
): Promise<Subject['sown']> {
  const [used, resident] = [await usedMemory(redis), await residentMemory(redis)]
  const started = performance.now()
  const last = await sow(url, pattern, sessions, onProgress)
  const seconds = (performance.now() - started) / 1000
  await checkSown(store, last)
  return {
    used: (await usedMemory(redis)) - used,
    resident: (await residentMemory(redis)) - resident,
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
export async function startReplicas(stage: Stage, subject: Subject, replicas: number): Promise<void> {
  const count = replicas === 1 ? '1 replica' : `${replicas} replicas`
  subject.name = `${subject.sessions.toLocaleString('en')} sessions, ${count}`
  const url = urlOf(subject.redis)
  for (let i = 0; i < replicas; i++)
    subject.replicas.push(await launchService(stage, `${subject.sessions}-${replicas}`, url))
  subject.talks = await openTalks(stage, subject.replicas[0]?.url ?? '')
}

function urlOf({ options }: Redis): string {
  return `redis://${options.host}:${options.port}`
}
