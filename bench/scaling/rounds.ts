import { type LoadResult, load } from '../load.ts'
import { type Direction, fromAgent, fromClient } from '../requests.ts'
import { type Rest, readSpent, type Spent, spentSince } from './spent.ts'
import type { Subject } from './subjects.ts'

export const DIRECTIONS: Direction[] = ['to_agent', 'to_client']

/** Of one slice of load on one subject, per message where nothing else is said. */
export type Slice = {
  /** Messages a second. */
  perSecond: number
  cpuMicros: number
  redisMicros: number
  bytesIn: number
  bytesOut: number
  scripts: number
  commands: number
  /** Share of what was answered with anything but 200. */
  failed: number
  /** By command. */
  calls: Map<string, number>
}

/** `connections`: to each replica. With fewer it has less to do in one turn of its event loop, which is dearer. */
export type LoadOptions = { seconds: number; connections: number }

/** Slices in the order of the rounds, by subject. */
export type Slices = Map<Subject, Record<Direction, Slice[]>>

const WARM_UP_SECONDS = 2

/** As long for each replica: they share a processor, and each must have met the load before it is measured. */
export async function warmUp(subjects: Subject[], options: LoadOptions): Promise<void> {
  const least = Math.min(WARM_UP_SECONDS, options.seconds)
  await eachInTurn(subjects, (subject, direction) =>
    drive(subject, direction, { ...options, seconds: least * subject.replicas.length }),
  )
}

/**
 * Rounds are interleaved, so that a machine that changes its speed changes it for all. What a subject uses when nobody writes
 * is not counted with the messages.
 */
export async function runRounds(
  resting: Map<Subject, Rest>,
  rounds: number,
  options: LoadOptions,
  onSlice: () => void,
): Promise<Slices> {
  const subjects = [...resting.keys()]
  const slices: Slices = new Map(subjects.map(subject => [subject, { to_agent: [], to_client: [] }]))
  for (let round = 0; round < rounds; round++)
    await eachInTurn(subjects, async (subject, direction) => {
      const slice = await measure(subject, resting.get(subject) as Rest, direction, options)
      slices.get(subject)?.[direction].push(slice)
      onSlice()
    })
  return slices
}

async function eachInTurn(
  subjects: Subject[],
  step: (subject: Subject, direction: Direction) => Promise<unknown>,
): Promise<void> {
  for (const direction of DIRECTIONS) for (const subject of subjects) await step(subject, direction)
}

async function measure(
  subject: Subject,
  rest: Rest,
  direction: Direction,
  options: LoadOptions,
): Promise<Slice> {
  const before = await readSpent(subject)
  const results = await drive(subject, direction, options)
  const spent = spentSince(before, await readSpent(subject))
  const messages = results.reduce((sum, { requests }) => sum + requests, 0)
  const answered = results.reduce((sum, { statuses }) => sum + (statuses.get(200) ?? 0), 0)
  return {
    perSecond: results.reduce((sum, { requests, seconds }) => sum + requests / seconds, 0),
    failed: 1 - answered / messages,
    ...perMessage(spent, rest, messages),
  }
}

function perMessage(spent: Spent, rest: Rest, messages: number) {
  const each = (all: number, atRest: number): number => (all - atRest * spent.seconds) / messages
  const names = [...spent.calls.keys()]
  const calls = new Map(
    names.map(name => [name, each(spent.calls.get(name) ?? 0, rest.calls.get(name) ?? 0)] as const),
  )
  // In the server's counts a script is one call, and each command in it another.
  const scripts = calls.get('evalsha') ?? 0
  return {
    cpuMicros: each(spent.cpuMicros, rest.cpuMicros),
    redisMicros: each(spent.redisMicros, rest.redisMicros),
    bytesIn: each(spent.bytesIn, rest.bytesIn),
    bytesOut: each(spent.bytesOut, rest.bytesOut),
    scripts,
    commands: [...calls.values()].reduce((sum, n) => sum + n, 0) - scripts,
    calls,
  }
}

/** Each replica has a load of its own, and starts at another conversation, or they would all be at the same. */
function drive(
  { replicas, talks }: Subject,
  direction: Direction,
  { seconds, connections }: LoadOptions,
): Promise<LoadResult[]> {
  const write = direction === 'to_agent' ? fromClient : fromAgent
  return Promise.all(
    replicas.map(({ url }, i) => {
      const first = Math.floor((i * talks.length) / replicas.length)
      const request = (n: number): string => {
        const talk = talks[(first + n) % talks.length]
        if (!talk) throw new Error('no conversation to talk in')
        return write(new URL(url).host, talk, n)
      }
      return load({ url, connections, seconds, request })
    }),
  )
}
