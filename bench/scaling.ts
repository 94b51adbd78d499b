import { parseArgs } from 'node:util'
import { startRedis } from '../test/support/redis-server.ts'
import { pinSelf } from './processes.ts'
import { makePattern } from './scaling/kinds.ts'
import { type Asked, type Price, priceAll } from './scaling/looks.ts'
import { measureSizes, type Sizes } from './scaling/memory.ts'
import { heading, writePage } from './scaling/page.ts'
import type { Pattern } from './scaling/pattern.ts'
import { serverVersion } from './scaling/redis-usage.ts'
import { type Findings, report } from './scaling/report.ts'
import { runRounds, warmUp } from './scaling/rounds.ts'
import { takeSample } from './scaling/sample.ts'
import { watchAtRest } from './scaling/spent.ts'
import { clusterSubject, type Subject, sowSubject, startReplicas } from './scaling/subjects.ts'
import { type Stage, setStage } from './stage.ts'

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '10000' },
    many: { type: 'string', default: '1000000' },
    replicas: { type: 'string', default: '2,4' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    report: { type: 'boolean', default: false },
  },
})
const [few, many] = [Number(values.few), Number(values.many)]
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
/** One replica on few and on many sessions; more of them on few. At last, one on a cluster. */
const PLAN: [sessions: number, replicas: number][] = [
  [few, 1],
  [many, 1],
  ...values.replicas.split(',').map((n): [number, number] => [few, Number(n)]),
]
const COPIES = Math.min(20_000, few)
const REST_SECONDS = 5 * seconds

const started = performance.now()
await pinSelf()
const stage = await setStage([])
const subjects: Subject[] = []
try {
  const { sizes, pattern } = await prepare(stage)
  const prices = new Map<Subject, Record<Asked, Price>>()
  for (const [i, [sessions]] of PLAN.entries()) {
    const subject = await sowOne(sessions, pattern)
    if (i < 2) prices.set(subject, await priceAll(subject))
  }
  subjects.push(await clusterSubject())
  for (const [i, subject] of subjects.entries()) await startReplicas(stage, subject, PLAN[i]?.[1] ?? 1)
  await publish({ sizes, prices, ...(await investigate()) })
} finally {
  await Promise.all(subjects.map(subject => subject.stop()))
  await stage.stop()
}

async function prepare(on: Stage): Promise<{ sizes: Sizes; pattern: Pattern }> {
  tell('measuring the memory of one of each')
  const scratch = await startRedis()
  try {
    const sample = await takeSample(on, scratch.url)
    const sizes = await measureSizes(scratch.url, sample, COPIES)
    return { sizes, pattern: await makePattern(scratch.url, 'talked', sample) }
  } finally {
    await scratch.stop()
  }
}

async function sowOne(sessions: number, pattern: Pattern): Promise<Subject> {
  const subject = await sowSubject(sessions, pattern, done => {
    if (done % 100_000 === 0) tell(`  ${done} sessions written`)
  })
  subjects.push(subject)
  tell(`${sessions} sessions written in ${subject.sown.seconds.toFixed(0)} s`)
  return subject
}

async function investigate(): Promise<Pick<Findings, 'slices' | 'rest'>> {
  const options = { seconds, connections: Number(values.connections) }
  tell('warming up')
  await warmUp(subjects, options)
  tell(`at rest, ${REST_SECONDS} s`)
  const rest = await watchAtRest(subjects, REST_SECONDS)
  tell(`load: ${rounds} rounds of ${2 * subjects.length} slices of ${seconds} s`)
  const slices = await runRounds(rest, rounds, options, () => process.stderr.write('.'))
  tell('')
  return { slices, rest }
}

async function publish(findings: Findings): Promise<void> {
  const [node] = subjects[0]?.nodes ?? []
  const version = node ? await serverVersion(node) : 'unknown'
  const command = ['node bench/scaling.ts', ...process.argv.slice(2)].join(' ')
  const minutes = (performance.now() - started) / 60_000
  const figures = `${heading(version, command, minutes)}\n\n${report(findings)}`
  process.stdout.write(`${figures}\n`)
  if (values.report) writePage(figures)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
