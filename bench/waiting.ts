import { setTimeout as wait } from 'node:timers/promises'
import { createClock } from '../src/lib/clock.ts'
import { openRedisStore } from '../src/store/redis/index.ts'
import { openSqliteStore } from '../src/store/sqlite/index.ts'
import type { Store } from '../src/store/store.ts'
import { startRedis } from '../test/support/redis-server.ts'
import { count, flag, number, readCommandLine } from './command-line.ts'
import { breakDesk, mendDesk, startOtherSide } from './other-side.ts'
import { createScratch } from './scratch.ts'
import { configOf, dataIn, launchService, type Service } from './service.ts'
import { createClient, registerClient } from './talks.ts'

const asked = readCommandLine({
  call: 'npx node bench/waiting.ts',
  about: `The memory of a service in whose store very many messages wait for a desk that is dead, and what it takes to get rid
of them.`,
  takes: 'Takes about 3 minutes. Needs a Redis server, unless --embedded.',
  options: {
    clients: count(1000, 'that are in conversation'),
    messages: count(100, 'of each of them that wait'),
    seconds: number(20, 'for which the desk stays dead'),
    embedded: flag('on the embedded store in place of Redis'),
  },
})

/** How many clients are thought of at a time. */
const AT_ONCE = 50

const STORE_OPTIONS = {
  leaseMs: 15_000,
  sessionTtlMs: 7 * 86_400_000,
  deadLetterTtlMs: 30 * 86_400_000,
  silentMs: 600_000,
}

const dir = createScratch('waiting')
const redis = asked.embedded ? undefined : await startRedis()
const other = await startOtherSide()
const setup = { dir, config: configOf(other), redisUrl: redis?.url }
let service: Service | undefined
try {
  service = await launchService(setup)
  const clients = await registerAll(service)
  const rows: object[] = [await look('all clients registered', service)]
  await service.process.stop()
  await fill(clients)
  await breakDesk(other, { kind: 'reset-before' })
  service = await launchService(setup)
  const until = performance.now() + asked.seconds * 1000
  rows.push(await watch('the desk is dead', service, async () => performance.now() > until))
  await mendDesk(other)
  const { url } = service
  rows.push(await watch('the desk is back', service, async () => (await waiting(url)).count === 0))
  rows.push(await look('all delivered', service))
  console.table(rows)
} finally {
  await service?.process.stop()
  await other.process.stop()
  await redis?.stop()
}

async function registerAll({ url }: Service): Promise<string[]> {
  const clients: string[] = []
  while (clients.length < asked.clients) {
    const length = Math.min(AT_ONCE, asked.clients - clients.length)
    clients.push(...(await Promise.all(Array.from({ length }, () => registerOne(url)))))
  }
  return clients
}

async function registerOne(url: string): Promise<string> {
  const uuid = await createClient(other)
  await registerClient(url, uuid, 'Support')
  return uuid
}

/** Into the store itself: a caller would be kept waiting for each. */
async function fill(clients: string[]): Promise<void> {
  const store = await openStore()
  const now = createClock().now()
  for (let from = 0; from < clients.length; from += AT_ONCE)
    await Promise.all(clients.slice(from, from + AT_ONCE).map(client => fillOne(store, client, now)))
  await store.close()
}

async function fillOne(store: Store, userid: string, now: number): Promise<void> {
  const entries = Array.from({ length: asked.messages }, (_, i) => {
    const message = { text: `message ${i} of a client, as long as most are`, attachments: [] }
    return { id: `${userid}-${i}`, at: now, kind: 'message' as const, message }
  })
  const { work } = (await store.accept(
    { to: { by: 'client', userid }, direction: 'to_agent', entries },
    now,
  )) as {
    work: Parameters<Store['settle']> extends [infer Turn, infer Head, ...unknown[]]
      ? { turn: Turn; head: Head }
      : never
  }
  await store.settle(work.turn, work.head, { kind: 'retry', at: now, counts: true }, now)
}

function openStore(): Promise<Store> {
  if (redis) return openRedisStore(redis.url, STORE_OPTIONS)
  return openSqliteStore(dataIn(dir), STORE_OPTIONS)
}

/** Entries to agents that wait, and how long the service took to say so. */
async function waiting(url: string): Promise<{ count: number; ms: number }> {
  const asked = performance.now()
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('mediator_waiting{direction="to_agent"'))
  const count = lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  return { count, ms: performance.now() - asked }
}

async function look(stage: string, { url, process }: Service) {
  const { count, ms } = await waiting(url)
  return row(stage, 0, process.usage().residentMiB, process.usage().residentMiB, count, ms)
}

/** Looks until it is so. */
async function watch(stage: string, { url, process }: Service, isOver: () => Promise<boolean>) {
  const began = performance.now()
  let [most, slowest, count] = [0, 0, 0]
  do {
    await wait(500)
    const seen = await waiting(url)
    most = Math.max(most, process.usage().residentMiB)
    slowest = Math.max(slowest, seen.ms)
    count = seen.count
  } while (!(await isOver()))
  return row(stage, performance.now() - began, process.usage().residentMiB, most, count, slowest)
}

function row(stage: string, ms: number, residentMiB: number, most: number, count: number, scrape: number) {
  return {
    stage,
    s: (ms / 1000).toFixed(1),
    'RSS MiB': Math.round(residentMiB),
    'most RSS MiB': Math.round(most),
    'waiting at the end': count,
    'slowest scrape ms': Math.round(scrape),
  }
}
