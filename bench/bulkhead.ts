import { join } from 'node:path'
import { type RedisServer, startRedis } from '../test/support/redis-server.ts'
import { count, flag, number, readCommandLine } from './command-line.ts'
import { measureInRounds, summarize } from './compare.ts'
import { type LoadResult, load, percentile } from './load.ts'
import { breakDesk, type OtherSide, startOtherSide } from './other-side.ts'
import { pinSelf, type Running } from './processes.ts'
import { type Direction, fromAgent, fromClient, type Talk, WEBHOOK_SECRET } from './requests.ts'
import { createScratch } from './scratch.ts'
import { configOf, launchService } from './service.ts'
import { openTalks } from './talks.ts'

const asked = readCommandLine({
  call: 'npx node bench/bulkhead.ts',
  about: `What the clients and agents of desk B notice of what is wrong with desk A: how long their messages take from being
posted to being answered 200, which is accepted and delivered. A is given messages all the while.`,
  takes: `Takes about 10 minutes: in each direction and round, \`seconds\` and what A keeps its last callers waiting, for each
of 4 states of A. Needs a Redis server, unless --embedded.`,
  options: {
    seconds: number(6, 'of load, with each state of A in each round'),
    rounds: count(5, 'of which the medians are shown'),
    rate: number(100, 'messages a second to B; A is given two fifths as many'),
    embedded: flag('on the embedded store in place of Redis'),
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

type Subject = {
  name: string
  url: string
  a: Talk[]
  b: Talk[]
  trouble: OtherSide
  process: Running
  redis: RedisServer | undefined
}
type Figures = { p50: number; p95: number; failed: number; residentMiB: number }

const dir = createScratch('bulkhead')

await pinSelf()
const wellSide = await startOtherSide()
const subjects: Subject[] = []
try {
  for (const name of Object.keys(TROUBLES)) subjects.push(await startSubject(name))
  for (const { name, trouble } of subjects) await plant(trouble, TROUBLES[name])
  for (const direction of ['to_agent', 'to_client'] as const) report(direction, await measureAll(direction))
} finally {
  await Promise.all(subjects.map(strike))
  await wellSide.process.stop()
}

async function startSubject(name: string): Promise<Subject> {
  const trouble = await startOtherSide()
  const redis = asked.embedded ? undefined : await startRedis()
  const setup = { dir: join(dir, name), config: configWith(trouble), redisUrl: redis?.url }
  const { url, process } = await launchService(setup)
  const a = await openTalks(wellSide, url, TALKS, 'GTM_HIV_GENERAL')
  const b = await openTalks(wellSide, url, TALKS, 'Support')
  return { name, url, a, b, trouble, process, redis }
}

function configWith(trouble: OtherSide): string {
  const desks = {
    a: { url: trouble.rocketchat, secret: `${WEBHOOK_SECRET}-a` },
    b: { url: wellSide.rocketchat, secret: WEBHOOK_SECRET },
  }
  return `${configOf(wellSide, desks)}[[routes]]
department = "GTM_*"
desk = "a"
[[routes]]
department = "*"
desk = "b"
`
}

async function plant(side: OtherSide, fault: object | undefined): Promise<void> {
  if (fault) await breakDesk(side, fault)
}

async function strike({ process, redis, trouble }: Subject): Promise<void> {
  await process.stop()
  await redis?.stop()
  await trouble.process.stop()
}

async function measureAll(direction: Direction): Promise<Map<string, Figures[]>> {
  for (const subject of subjects) await driveB(subject, direction, 1)
  return measureInRounds(subjects, asked.rounds, subject => measure(subject, direction))
}

async function measure(subject: Subject, direction: Direction): Promise<Figures> {
  const { seconds, rate } = asked
  const atA = load({
    url: subject.url,
    connections: CONNECTIONS.a,
    seconds,
    rate: rate * SHARE_OF_A,
    request: n => fromClient(new URL(subject.url).host, talkOf(subject.a, n), n),
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
    rate: asked.rate,
    request: n => requestAtB(subject, direction, n),
  })
}

function requestAtB({ url, b }: Subject, direction: Direction, n: number): string {
  const { host } = new URL(url)
  if (direction === 'to_agent') return fromClient(host, talkOf(b, n), n)
  return fromAgent(host, talkOf(b, n), n).replace(
    '/live-agents/sendMessageToClient',
    '/live-agents/desks/b/events',
  )
}

function talkOf(talks: Talk[], n: number): Talk {
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

function report(direction: Direction, all: Map<string, Figures[]>): void {
  const healthy = all.get('healthy') ?? []
  const rows = [...all].map(([name, rounds]) => {
    const { pick, ratio } = summarize<keyof Figures>(rounds, healthy)
    return {
      [`${direction}, desk B while A`]: name,
      'p50 ms': pick('p50').toFixed(1),
      '÷ healthy': ratio('p50').toFixed(2),
      'p95 ms': pick('p95').toFixed(1),
      'p95 ÷ healthy': ratio('p95').toFixed(2),
      'not 200': pick('failed'),
      'RSS MiB': Math.round(pick('residentMiB')),
    }
  })
  console.table(rows)
}
