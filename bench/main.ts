import { count, names, number, readCommandLine } from './command-line.ts'
import { measureInRounds, summarize } from './compare.ts'
import { type LoadResult, load, percentile } from './load.ts'
import { pinSelf, usageOf } from './processes.ts'
import { type Direction, fromAgent, fromClient } from './requests.ts'
import { type Stage, type Subject, setStage } from './stage.ts'

const REFERENCE = 'straight line'
const SUBJECTS = ['echo', REFERENCE, 'redis', 'redis, AOF always', 'embedded']
const WARM_UP_SECONDS = 2

const asked = readCommandLine({
  call: 'npm run bench --',
  about: `How many messages a second the service takes, how fast, and what one costs, in both directions: with each store, and
beside two references, a route that answers at once and the same way without any guarantee. See docs/performance.md.`,
  takes:
    'Takes about 4 minutes: for each subject and direction 2 s, and `seconds` in each round. Needs a Redis server.',
  options: {
    seconds: number(4, 'of load, on each subject in each round'),
    rounds: count(5, 'of which the medians are shown'),
    connections: count(64, 'that ask at the same time'),
    only: names(SUBJECTS, `beside "${REFERENCE}", may be repeated: ${SUBJECTS.join(' | ')}`),
  },
})

type Figures = {
  perSecond: number
  p50: number
  p95: number
  p99: number
  cpuMicros: number
  redisMicros: number
  residentMiB: number
  failed: number
}

await pinSelf()
const stage = await setStage(SUBJECTS.filter(name => name === REFERENCE || asked.only.includes(name)))
try {
  for (const direction of ['to_agent', 'to_client'] as const)
    report(direction, await measureAll(stage, direction))
} finally {
  await stage.stop()
}

async function measureAll({ subjects }: Stage, direction: Direction): Promise<Map<string, Figures[]>> {
  for (const subject of subjects) await drive(subject, direction, WARM_UP_SECONDS)
  return measureInRounds(subjects, asked.rounds, subject => measure(subject, direction))
}

async function measure(subject: Subject, direction: Direction): Promise<Figures> {
  const [before, redisBefore] = cpuOf(subject)
  const result = await drive(subject, direction, asked.seconds)
  const [after, redisAfter] = cpuOf(subject)
  return {
    ...figuresOf(result),
    cpuMicros: micros(after - before, result),
    redisMicros: micros(redisAfter - redisBefore, result),
    residentMiB: subject.process.usage().residentMiB,
  }
}

/** CPU seconds so far: of the service, and of its Redis. */
function cpuOf({ process, redis }: Subject): [number, number] {
  return [process.usage().cpuSeconds, redis ? usageOf(redis.pid).cpuSeconds : Number.NaN]
}

function drive(subject: Subject, direction: Direction, seconds: number): Promise<LoadResult> {
  const { host } = new URL(subject.url)
  const write = direction === 'to_agent' ? fromClient : fromAgent
  const request = (n: number): string => write(host, talkOf(subject, n), n)
  return load({ url: subject.url, connections: asked.connections, seconds, request })
}

function talkOf({ talks }: Subject, n: number) {
  const talk = talks[n % talks.length]
  if (!talk) throw new Error('no conversation to talk in')
  return talk
}

function figuresOf({ requests, seconds, latencies, statuses }: LoadResult) {
  return {
    perSecond: requests / seconds,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    failed: requests - (statuses.get(200) ?? 0),
  }
}

function micros(cpuSeconds: number, { requests }: LoadResult): number {
  return (cpuSeconds * 1e6) / requests
}

function report(direction: Direction, all: Map<string, Figures[]>): void {
  const reference = all.get(REFERENCE) ?? []
  const rows = [...all].map(([name, rounds]) => {
    const { pick, ratio } = summarize<keyof Figures>(rounds, reference)
    return {
      [direction]: name,
      'messages/s': Math.round(pick('perSecond')),
      '÷ straight line': ratio('perSecond').toFixed(2),
      'p50 ms': pick('p50').toFixed(1),
      'p95 ms': pick('p95').toFixed(1),
      'p99 ms': pick('p99').toFixed(1),
      'CPU µs': Math.round(pick('cpuMicros')),
      'CPU × straight line': ratio('cpuMicros').toFixed(2),
      'Redis CPU µs': Math.round(pick('redisMicros')),
      'RSS MiB': Math.round(pick('residentMiB')),
      failed: pick('failed'),
    }
  })
  console.table(rows)
}
