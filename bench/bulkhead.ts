import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findFreePort } from '../test/support/free-port.ts'
import { type RedisServer, startRedis } from '../test/support/redis-server.ts'
import { type LoadResult, load, percentile } from './load.ts'
import { OTHER_CPU, pinSelf, type Running, run, SERVICE_CPU } from './processes.ts'
import { API_TOKEN, type Direction, fromAgent, fromClient, type Talk, WEBHOOK_SECRET } from './requests.ts'

/**
 * What the clients and agents of desk B notice of what is wrong with desk A: how long their messages take from being
 * posted to being answered 200, which is accepted and delivered. A is given messages all the while.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '100' },
    embedded: { type: 'boolean', default: false },
  },
})

/** What is wrong with A, as a fault of its simulator. */
const TROUBLES: Record<string, object | undefined> = {
  healthy: undefined,
  slow: { kind: 'slow', ms: 7_000 },
  dead: { kind: 'reset-before' },
  'answers 500': { kind: 'server-error' },
}
const TALKS = 64
const CONNECTIONS = { a: 128, b: 32 }
/** Of the rate for B, how much goes to A. */
const SHARE_OF_A = 0.4

type Side = { rapidpro: string; token: string; rocketchat: string; process: Running }
type Subject = {
  name: string
  url: string
  a: Talk[]
  b: Talk[]
  trouble: Side
  process: Running
  redis: RedisServer | undefined
}
type Figures = { p50: number; p95: number; failed: number; residentMiB: number }

let nextNumber = 0

const NODE = process.execPath
const dir = mkdtempSync(join(tmpdir(), 'mediator-bulkhead-'))
const file = (path: string): string => join(import.meta.dirname, path)

await pinSelf()
const wellSide = await startSide()
const subjects: Subject[] = []
try {
  for (const name of Object.keys(TROUBLES)) subjects.push(await startSubject(name))
  for (const { name, trouble } of subjects) await plant(trouble, TROUBLES[name])
  for (const direction of ['to_agent', 'to_client'] as const) report(direction, await measureAll(direction))
} finally {
  await Promise.all(subjects.map(strike))
  await wellSide.process.stop()
  rmSync(dir, { recursive: true, force: true })
}

async function startSide(): Promise<Side> {
  const process = await run(OTHER_CPU, [NODE, file('subjects/other-side.ts')], {})
  return { ...(JSON.parse(process.line) as Omit<Side, 'process'>), process }
}

async function startSubject(name: string): Promise<Subject> {
  const trouble = await startSide()
  const redis = values.embedded ? undefined : await startRedis()
  const configDir = join(dir, name.replace(/\W+/g, '-'))
  mkdirSync(configDir, { recursive: true })
  writeFileSync(join(configDir, 'live-agents.toml'), configFor(trouble))
  const port = await findFreePort()
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    CONFIG_DIR: configDir,
    DATA_DIR: join(configDir, 'data'),
    REDIS_URL: redis?.url ?? '',
    API_TOKENS: API_TOKEN,
    LOG_LEVEL: 'error',
  }
  const process = await run(SERVICE_CPU, [NODE, file('subjects/service.ts')], env, line => line === 'ready')
  const url = `http://127.0.0.1:${port}`
  const [a, b] = [await talksAt(url, 'GTM_HIV_GENERAL'), await talksAt(url, 'Support')]
  return { name, url, a, b, trouble, process, redis }
}

function configFor(trouble: Side): string {
  const desk = (name: string, url: string, secret: string): string => `[desks.${name}]
type = "rocketchat"
url = "${url}"
webhook_token = "${secret}"
rate_limits = "off"
`
  return `[bots.rapidpro]
type = "rapidpro"
url = "${wellSide.rapidpro}"
token = "${wellSide.token}"
api = "messages"
${desk('a', trouble.rocketchat, `${WEBHOOK_SECRET}-a`)}${desk('b', wellSide.rocketchat, WEBHOOK_SECRET)}
[[routes]]
department = "GTM_*"
desk = "a"
[[routes]]
department = "*"
desk = "b"
`
}

/** Clients with an open conversation. */
async function talksAt(url: string, department: string): Promise<Talk[]> {
  const talks: Talk[] = []
  for (let i = 0; i < TALKS; i++) {
    const contact = { name: 'Bench', urn: `tel:+5025${String(nextNumber++).padStart(7, '0')}` }
    const { uuid } = await post(`${wellSide.rapidpro}/__bot/contacts`, contact)
    const userid = String(uuid)
    await post(`${url}/live-agents/registerClient`, { contact: { uuid: userid, name: 'Bench' }, department })
    const headers = { authorization: `Token ${API_TOKEN}` }
    const answer = await fetch(`${url}/live-agents/sessions/${userid}`, { headers })
    const { session } = (await answer.json()) as { session: { conversation: string } }
    talks.push({ userid, room: session.conversation, visitor: `visitor${i}` })
  }
  return talks
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', authorization: `Token ${API_TOKEN}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

async function plant({ rocketchat }: Side, fault: object | undefined): Promise<void> {
  if (fault) await post(`${rocketchat}/__faults`, fault)
}

async function strike({ process, redis, trouble }: Subject): Promise<void> {
  await process.stop()
  await redis?.stop()
  await trouble.process.stop()
}

/** Rounds are interleaved, so that a machine that changes its speed changes it for all. */
async function measureAll(direction: Direction): Promise<Map<string, Figures[]>> {
  const all = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]))
  for (const subject of subjects) await driveB(subject, direction, 1)
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const subject of subjects) {
      all.get(subject.name)?.push(await measure(subject, direction))
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return all
}

async function measure(subject: Subject, direction: Direction): Promise<Figures> {
  const seconds = Number(values.seconds)
  const atA = load({
    url: subject.url,
    connections: CONNECTIONS.a,
    seconds,
    rate: Number(values.rate) * SHARE_OF_A,
    request: n => fromClient(new URL(subject.url).host, pick(subject.a, n), n),
  })
  const result = await driveB(subject, direction, seconds)
  await atA
  return figuresOf(result, subject)
}

function driveB(subject: Subject, direction: Direction, seconds: number): Promise<LoadResult> {
  return load({
    url: subject.url,
    connections: CONNECTIONS.b,
    seconds,
    rate: Number(values.rate),
    request: n => requestAtB(subject, direction, n),
  })
}

function requestAtB({ url, b }: Subject, direction: Direction, n: number): string {
  const { host } = new URL(url)
  if (direction === 'to_agent') return fromClient(host, pick(b, n), n)
  return fromAgent(host, pick(b, n), n).replace(
    '/live-agents/sendMessageToClient',
    '/live-agents/desks/b/events',
  )
}

function pick(talks: Talk[], n: number): Talk {
  return talks[n % talks.length] as Talk
}

function figuresOf({ latencies, requests, statuses }: LoadResult, { process }: Subject): Figures {
  return {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    failed: requests - (statuses.get(200) ?? 0),
    residentMiB: process.usage().residentMiB,
  }
}

function median(numbers: number[]): number {
  return numbers.toSorted((x, y) => x - y)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function report(direction: Direction, all: Map<string, Figures[]>): void {
  const healthy = all.get('healthy') ?? []
  const rows = [...all].map(([name, rounds]) => {
    const of = (key: keyof Figures): number => median(rounds.map(figures => figures[key]))
    const ratio = (key: keyof Figures): number =>
      median(rounds.map((figures, i) => figures[key] / (healthy[i]?.[key] ?? Number.NaN)))
    return {
      [`${direction}, desk B while A`]: name,
      'p50 ms': of('p50').toFixed(1),
      '÷ healthy': ratio('p50').toFixed(2),
      'p95 ms': of('p95').toFixed(1),
      'p95 ÷ healthy': ratio('p95').toFixed(2),
      'not 200': of('failed'),
      'RSS MiB': Math.round(of('residentMiB')),
    }
  })
  console.table(rows)
}
