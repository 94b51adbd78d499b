import { startRedis } from '../test/support/redis-server.ts'
import { count, counts, flag, number, readCommandLine } from './command-line.ts'
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

const asked = readCommandLine({
  call: 'npx node bench/scaling.ts',
  about: `How the cost of a message, and what Redis keeps, grow with sessions, messages and replicas. Prints the figures of
docs/scaling.md, in Markdown.`,
  takes:
    'Takes less than 12 minutes. Needs two processors, 6 GB of memory and a Redis server (npm run setup).',
  options: {
    few: count(10_000, 'sessions beside the talk, for one replica and for several'),
    many: count(1_000_000, 'sessions for one replica'),
    replicas: counts([2, 4], 'how many, each a row, over one Redis'),
    seconds: number(4, 'of load, on each subject in each round'),
    rounds: count(5, 'of which the medians are shown'),
    connections: count(64, 'that ask at the same time, of each replica'),
    report: flag('writes the figures into docs/scaling.md, too'),
  },
})
const { few, many, seconds, rounds, connections } = asked
/** One replica on few and on many sessions; more of them on few. At last, one on a cluster. */
const PLAN: [sessions: number, replicas: number][] = [
  [few, 1],
  [many, 1],
  ...asked.replicas.map((n): [number, number] => [few, n]),
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
  const options = { seconds, connections }
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
  if (asked.report) writePage(figures)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
