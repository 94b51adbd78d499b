import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClock } from '../src/lib/clock.ts'
import { openRedisStore } from '../src/store/redis/index.ts'
import { openSqliteStore } from '../src/store/sqlite/index.ts'
import type { Store } from '../src/store/store.ts'
import { findFreePort } from '../test/support/free-port.ts'
import { startRedis } from '../test/support/redis-server.ts'
import { OTHER_CPU, type Running, run, SERVICE_CPU } from './processes.ts'
import { API_TOKEN, WEBHOOK_SECRET } from './requests.ts'

/** The memory of a service in whose store very many messages wait for a desk that is dead, and what it takes to get rid of them. */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
    embedded: { type: 'boolean', default: false },
  },
})

/** How many clients are thought of at a time. */
const AT_ONCE = 50

type Service = { url: string; process: Running }

const NODE = process.execPath
const STORE_OPTIONS = {
  leaseMs: 15_000,
  sessionTtlMs: 7 * 86_400_000,
  deadLetterTtlMs: 30 * 86_400_000,
  silentMs: 600_000,
}
const file = (path: string): string => join(import.meta.dirname, path)

const dir = mkdtempSync(join(tmpdir(), 'mediator-waiting-'))
const redis = values.embedded ? undefined : await startRedis()
const sides = await run(OTHER_CPU, [NODE, file('subjects/other-side.ts')], {})
const other = JSON.parse(sides.line) as { rapidpro: string; token: string; rocketchat: string }
let service: Service | undefined
try {
  configure()
  service = await start()
  const clients = await register(service)
  const rows: object[] = [await look('all clients registered', service)]
  await service.process.stop()
  await fill(clients)
  await post(`${other.rocketchat}/__faults`, { kind: 'reset-before' })
  service = await start()
  const until = performance.now() + Number(values.seconds) * 1000
  rows.push(await watch('the desk is dead', service, async () => performance.now() > until))
  await fetch(`${other.rocketchat}/__faults`, { method: 'DELETE' })
  const { url } = service
  rows.push(await watch('the desk is back', service, async () => (await waiting(url)).count === 0))
  rows.push(await look('all delivered', service))
  console.table(rows)
} finally {
  await service?.process.stop()
  await sides.stop()
  await redis?.stop()
  rmSync(dir, { recursive: true, force: true })
}

function configure(): void {
  mkdirSync(dir, { recursive: true })
  const toml = `[bots.rapidpro]
type = "rapidpro"
url = "${other.rapidpro}"
token = "${other.token}"
api = "messages"
[desks.rocketchat]
type = "rocketchat"
url = "${other.rocketchat}"
webhook_token = "${WEBHOOK_SECRET}"
rate_limits = "off"
`
  writeFileSync(join(dir, 'live-agents.toml'), toml)
}

async function start(): Promise<Service> {
  const port = await findFreePort()
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    CONFIG_DIR: dir,
    DATA_DIR: join(dir, 'data'),
    REDIS_URL: redis?.url ?? '',
    API_TOKENS: API_TOKEN,
    LOG_LEVEL: 'error',
  }
  const process = await run(SERVICE_CPU, [NODE, file('subjects/service.ts')], env, line => line === 'ready')
  return { url: `http://127.0.0.1:${port}`, process }
}

async function register({ url }: Service): Promise<string[]> {
  const clients: string[] = []
  for (let from = 0; from < Number(values.clients); from += AT_ONCE)
    clients.push(
      ...(await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => registerOne(url, from + i)))),
    )
  return clients
}

async function registerOne(url: string, n: number): Promise<string> {
  const urn = `tel:+5025${String(n).padStart(7, '0')}`
  const { uuid } = await post(`${other.rapidpro}/__bot/contacts`, { name: 'Bench', urn })
  const contact = { uuid: String(uuid), name: 'Bench' }
  await post(`${url}/live-agents/registerClient`, { contact, department: 'Support' })
  return contact.uuid
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
  const entries = Array.from({ length: Number(values.messages) }, (_, i) => {
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
  return openSqliteStore(join(dir, 'data'), STORE_OPTIONS)
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', authorization: `Token ${API_TOKEN}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
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
