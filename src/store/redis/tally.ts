import type { Became, Tally } from '../store.ts'
import { directionOf } from './codec.ts'
import type { Connection } from './connection.ts'
import { shardNames } from './keys.ts'

/** Each shard is counted in one step, so the sum balances whatever happens meanwhile. */
export async function tally(c: Connection): Promise<Tally[]> {
  const perShard = await Promise.all(shardNames.map(shard => c.scripts.tally(c.keys.due(shard))))
  const found = new Map<string, Tally>()
  for (const flat of perShard as string[][])
    for (let i = 0; i < flat.length; i += 2) add(found, flat[i] ?? '', Number(flat[i + 1]))
  return [...found.values()]
}

/** `name` is "<a|c> <what became> <desk>", or of something else. */
function add(found: Map<string, Tally>, name: string, n: number): void {
  const [letter = '', became, desk = ''] = name.split(' ')
  if (became === undefined) return
  const key = `${letter} ${desk}`
  const counts = found.get(key) ?? { direction: directionOf[letter] ?? 'to_agent', desk, ...NONE }
  counts[became as Became | 'waiting'] += n
  found.set(key, counts)
}

const NONE = { accepted: 0, delivered: 0, dead: 0, 'given-up': 0, moved: 0, waiting: 0 }
