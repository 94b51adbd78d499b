import { parseArgs } from 'node:util'
import { type LoadResult, load, percentile } from './load.ts'
import { pinSelf, usageOf } from './processes.ts'
import { type Direction, fromAgent, fromClient } from './requests.ts'
import { type Stage, type Subject, setStage } from './stage.ts'

const REFERENCE = 'straight line'
const SUBJECTS = ['echo', REFERENCE, 'redis', 'redis, AOF always', 'embedded']

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string', multiple: true },
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
const wanted = SUBJECTS.filter(name => !values.only || name === REFERENCE || values.only.includes(name))
const stage = await setStage(wanted)
try {
  for (const direction of ['to_agent', 'to_client'] as const)
    report(direction, await measureAll(stage, direction))
} finally {
  await stage.stop()
}

/** Rounds are interleaved, so that a machine that changes its speed changes it for all. */
async function measureAll(stage: Stage, direction: Direction): Promise<Map<string, Figures[]>> {
  const all = new Map<string, Figures[]>(stage.subjects.map(({ name }) => [name, []]))
  for (const subject of stage.subjects) await drive(subject, direction, 2)
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const subject of stage.subjects) {
      all.get(subject.name)?.push(await measure(subject, direction))
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return all
}

async function measure(subject: Subject, direction: Direction): Promise<Figures> {
  const [before, redisBefore] = cpuOf(subject)
  const result = await drive(subject, direction, Number(values.seconds))
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
  return load({ url: subject.url, connections: Number(values.connections), seconds, request })
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

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function report(direction: Direction, all: Map<string, Figures[]>): void {
  const reference = all.get(REFERENCE) ?? []
  const rows = [...all].map(([name, rounds]) => {
    const pick = (key: keyof Figures): number => median(rounds.map(figures => figures[key]))
    const ratio = (key: keyof Figures): number =>
      median(rounds.map((figures, i) => figures[key] / (reference[i]?.[key] ?? Number.NaN)))
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
