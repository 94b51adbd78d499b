import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StoreSide, World } from './world.ts'

const ERROR = 50

/** Text → how often. */
export type Complaints = Record<string, number>

/** What the replicas have logged as errors, and how often: not a promise, but worth a look. */
export async function countComplaints<Store extends StoreSide>(world: World<Store>): Promise<Complaints> {
  const counts: Complaints = {}
  for (const { index } of world.replicas) {
    const input = createReadStream(join(world.dir, `replica-${index}.log`))
    for await (const line of createInterface({ input })) {
      const text = complaintIn(line)
      if (text !== undefined) counts[text] = (counts[text] ?? 0) + 1
    }
  }
  return counts
}

function complaintIn(line: string): string | undefined {
  if (!line.startsWith('{"level":') || line.startsWith('{"level":30')) return undefined
  try {
    const { level, msg, code } = JSON.parse(line) as { level: number; msg?: string; code?: string }
    return level >= ERROR ? [msg, code].filter(Boolean).join(' ') : undefined
  } catch {
    return undefined
  }
}

export function complaintsSince(before: Complaints, now: Complaints): Complaints {
  const more = Object.entries(now).map(([text, count]): [string, number] => [
    text,
    count - (before[text] ?? 0),
  ])
  return Object.fromEntries(more.filter(([, count]) => count > 0))
}
