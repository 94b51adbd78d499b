import { setTimeout as wait } from 'node:timers/promises'
import { type RedisUsage, readUsage, usedSince } from './redis-usage.ts'
import type { Subject } from './subjects.ts'

/** What all replicas of a subject and their Redis have used; `cpuMicros` is the replicas'. */
export type Spent = Omit<RedisUsage, 'cpuMicros'> & {
  seconds: number
  cpuMicros: number
  redisMicros: number
}

/** The same for each second in which nobody writes: the sweep, above all. */
export type Rest = Omit<Spent, 'seconds'>

type Reading = { usage: RedisUsage; cpuMicros: number; at: number }

export async function readSpent({ nodes, replicas }: Subject): Promise<Reading> {
  const usage = await readUsage(nodes)
  const cpuSeconds = replicas.reduce((sum, { process }) => sum + process.usage().cpuSeconds, 0)
  return { usage, cpuMicros: cpuSeconds * 1e6, at: performance.now() }
}

export function spentSince(before: Reading, after: Reading): Spent {
  const { cpuMicros: redisMicros, ...used } = usedSince(before.usage, after.usage)
  const seconds = (after.at - before.at) / 1000
  return { ...used, seconds, cpuMicros: after.cpuMicros - before.cpuMicros, redisMicros }
}

/** All subjects at once, since none does much. */
export async function watchAtRest(subjects: Subject[], seconds: number): Promise<Map<Subject, Rest>> {
  const before = await Promise.all(subjects.map(readSpent))
  await wait(seconds * 1000)
  const after = await Promise.all(subjects.map(readSpent))
  return new Map(
    subjects.map((subject, i) => {
      const spent = spentSince(before[i] as Reading, after[i] as Reading)
      return [subject, perSecond(spent)]
    }),
  )
}

function perSecond({ seconds, calls, ...spent }: Spent): Rest {
  return {
    calls: new Map([...calls].map(([name, n]) => [name, n / seconds])),
    cpuMicros: spent.cpuMicros / seconds,
    redisMicros: spent.redisMicros / seconds,
    bytesIn: spent.bytesIn / seconds,
    bytesOut: spent.bytesOut / seconds,
  }
}
