import { median, summarize } from '../compare.ts'
import type { Direction } from '../requests.ts'
import { ASKED_NAMES, type Asked, type Price } from './looks.ts'
import type { Sizes } from './memory.ts'
import { DIRECTIONS, type Slice, type Slices } from './rounds.ts'
import type { Rest } from './spent.ts'
import type { Subject } from './subjects.ts'
import { show, table } from './table.ts'

export type Findings = {
  slices: Slices
  prices: Map<Subject, Record<Asked, Price>>
  rest: Map<Subject, Rest>
  sizes: Sizes
}

type Figure = Exclude<keyof Slice, 'calls'>

const WAYS: Record<Direction, string> = { to_agent: 'client → agent', to_client: 'agent → client' }

/** Everything that was found, in Markdown. Ratios are to the first subject, and medians of ratios within a round. */
export function report(findings: Findings): string {
  return [
    ...DIRECTIONS.map(direction => perMessage(findings.slices, direction)),
    '**Commands in Redis for each message** (those inside of scripts, too; first row of the tables above)',
    commands(findings.slices),
    '**Asked of all shards at once**',
    asked(findings),
    '**At rest**, nobody writes: all replicas of a row together, and their Redis',
    atRest(findings),
    '**Memory of Redis**',
    memory(findings),
    '**What one Redis carries**, at 60 % of one processor, and what then waits in memory',
    capacity(findings),
  ].join('\n\n')
}

function perMessage(slices: Slices, direction: Direction): string {
  const all = [...slices].map(([subject, both]) => ({ name: subject.name, rounds: both[direction] }))
  const first = all[0]?.rounds ?? []
  const rows = all.map(({ name, rounds }) => {
    const { pick, ratio } = summarize<Figure>(rounds, first)
    return [
      name,
      show(pick('perSecond')),
      show(ratio('perSecond'), 2),
      show(pick('cpuMicros')),
      show(ratio('cpuMicros'), 2),
      show(pick('redisMicros'), 1),
      show(ratio('redisMicros'), 2),
      show(pick('scripts'), 2),
      show(pick('commands'), 1),
      show(pick('bytesIn')),
      show(pick('bytesOut')),
      `${show(100 * pick('failed'), 2)} %`,
    ]
  })
  const redis = ['Redis µs', '×', 'scripts', 'commands', 'bytes in', 'bytes out']
  return table([WAYS[direction], 'messages/s', '×', 'CPU µs', '×', ...redis, 'not 200'], rows)
}

/** Less than this often is not of the messages: the bench's own looks, the sweep. */
const SELDOM = 0.2

function commands(slices: Slices): string {
  const both = [...slices.values()][0]
  if (!both) return ''
  const often = (direction: Direction, name: string): number =>
    median(both[direction].map(({ calls }) => calls.get(name) ?? 0))
  const names = new Set(DIRECTIONS.flatMap(way => both[way].flatMap(({ calls }) => [...calls.keys()])))
  const rows = [...names]
    .map(name => ({ name, each: DIRECTIONS.map(direction => often(direction, name)) }))
    .filter(({ each }) => each.some(n => n >= SELDOM))
    .sort((a, b) => (b.each[0] ?? 0) - (a.each[0] ?? 0))
  return table(
    ['command', ...DIRECTIONS.map(direction => WAYS[direction])],
    rows.map(({ name, each }) => [`\`${name.toUpperCase()}\``, ...each.map(n => show(n, 1))]),
  )
}

const QUESTIONS: Record<Asked, string> = {
  sweep: 'sweep, nothing due (every 500 ms, each replica)',
  crowdedSweep: 'sweep, every session due',
  tally: 'counts for /metrics (each scrape)',
  liveSessions: "a link's look at its desk's conversations (every second, one replica)",
}

function asked({ prices }: Findings): string {
  const rows = ASKED_NAMES.flatMap(name =>
    [...prices].map(([{ sessions }, price]) => [
      QUESTIONS[name],
      show(sessions),
      show(price[name].ms, 1),
      show(price[name].redisMicros),
      show(price[name].commands),
      show(price[name].kilobytes),
    ]),
  )
  return table(['what', 'sessions', 'ms', 'Redis µs', 'commands', 'kB'], rows)
}

function atRest({ rest }: Findings): string {
  const rows = [...rest].map(([{ name }, { cpuMicros, redisMicros, calls }]) => [
    name,
    show(cpuMicros / 1000, 1),
    show(redisMicros / 1000, 1),
    show([...calls.values()].reduce((sum, n) => sum + n, 0)),
  ])
  return table(['', 'CPU ms/s', 'Redis ms/s', 'commands/s'], rows)
}

function memory({ sizes: { bytes, keys }, slices }: Findings): string {
  const rows = [
    ['a session whose conversation is open, nothing said yet', bytes.opened],
    [`the same after 4 messages each way (${keys} keys)`, bytes.talked],
    ['the same, ended, until it is forgotten', bytes.ended],
    ['the id of a message that was delivered, for 72 h', bytes.seenId],
    ['a message of 100 characters that waits', bytes.waitingMessage],
    ['a dead letter of 100 characters, for 30 days', bytes.deadLetter],
  ].map(([what, size]) => [String(what), show(Number(size))])
  const { sessions, sown } = largest(slices)
  const each = [sown.used, sown.resident].map(all => show(all / sessions))
  rows.push([`in use / resident for each of ${show(sessions)} sessions with 8 messages`, each.join(' / ')])
  return table(['what', 'bytes'], rows)
}

function largest(slices: Slices): Subject {
  return [...slices.keys()].reduce((most, one) => (one.sessions > most.sessions ? one : most))
}

const HEADROOM = 0.6
const GIB = 2 ** 30

function capacity({ slices, sizes }: Findings): string {
  const ofOneServer = [...slices].filter(([{ nodes }]) => nodes.length === 1)
  const worst = Math.max(...ofOneServer.flatMap(([, both]) => DIRECTIONS.map(way => redisMicros(both[way]))))
  const perSecond = (HEADROOM * 1e6) / worst
  const { bytes, tallyMicros } = sizes
  const { sessions: most, sown } = largest(slices)
  const memoryOf = (sessions: number): string => `${show((sessions * sown.used) / most / GIB, 1)} GiB`
  return table(
    ['what', 'figure'],
    [
      [`messages a second (dearest row of one server: ${show(worst, 1)} µs)`, show(perSecond)],
      ['memory in use with 100,000 sessions of 8 messages', memoryOf(100_000)],
      ['… with 1,000,000', memoryOf(1_000_000)],
      ['… with 10,000,000', memoryOf(10_000_000)],
      ['ids of one million messages in the last 72 h', `${show((1e6 * bytes.seenId) / GIB, 2)} GiB`],
      [
        'one million messages that wait',
        `${show((1e6 * (bytes.waitingMessage + bytes.seenId)) / GIB, 2)} GiB`,
      ],
      ['counting one mailbox that is not empty, at each scrape', `${show(tallyMicros, 1)} µs`],
    ],
  )
}

const redisMicros = (rounds: Slice[]): number => median(rounds.map(slice => slice.redisMicros))
