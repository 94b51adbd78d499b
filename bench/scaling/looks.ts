import { BATCH } from '../../src/mediator/take-up.ts'
import { readUsage, usedSince } from './redis-usage.ts'
import type { Subject } from './subjects.ts'

const DAY_MS = 86_400_000

/** What is asked of all shards at once. */
const ASKED = {
  sweep: ({ store }: Subject) => store.due(Date.now(), BATCH),
  /** As if every session had idled out and every conversation were to be asked about. */
  crowdedSweep: ({ store }: Subject) => store.due(Date.now() + 30 * DAY_MS, BATCH),
  tally: ({ store }: Subject) => store.tally(),
  liveSessions: ({ store }: Subject) => store.liveSessions('rocketchat'),
}

export type Asked = keyof typeof ASKED
export const ASKED_NAMES = Object.keys(ASKED) as Asked[]

/** Median ms until it was answered, Redis' µs, its commands and the kilobytes it sent, of one asking. */
export type Price = { ms: number; redisMicros: number; commands: number; kilobytes: number }

/** How often each is asked. */
const TIMES: Record<Asked, number> = { sweep: 100, crowdedSweep: 20, tally: 50, liveSessions: 5 }

/** Before there are replicas, which ask the same. */
export async function priceAll(subject: Subject): Promise<Record<Asked, Price>> {
  const prices = {} as Record<Asked, Price>
  for (const what of ASKED_NAMES) prices[what] = await priceOf(subject, what, TIMES[what])
  return prices
}

async function priceOf(subject: Subject, what: Asked, times: number): Promise<Price> {
  const ask = ASKED[what]
  await ask(subject)
  const before = await readUsage(subject.nodes)
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const started = performance.now()
    await ask(subject)
    took.push(performance.now() - started)
  }
  const { cpuMicros, calls, bytesOut } = usedSince(before, await readUsage(subject.nodes))
  return {
    ms: took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN,
    redisMicros: cpuMicros / times,
    commands: [...calls.values()].reduce((sum, n) => sum + n, 0) / times,
    kilobytes: bytesOut / times / 1000,
  }
}
