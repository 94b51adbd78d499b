import { addUp, type Count, type Tally } from '../../domain/tally.ts'
import { directionOf } from './codec.ts'
import type { Connection } from './connection.ts'
import { shardNames } from './keys.ts'

/** Each shard is counted in one step, so the sum balances whatever happens meanwhile. */
export async function tally(c: Connection): Promise<Tally[]> {
  const perShard = await Promise.all(shardNames.map(shard => c.scripts.tally(c.keys.due(shard))))
  return addUp((perShard as string[][]).flatMap(toCounts))
}

/** Name and number in turn; a name is "<a|c> <what became> <desk>", or that of something else. */
function toCounts(flat: string[]): Count[] {
  return flat.flatMap((name, i) => {
    const [letter = '', became, desk = ''] = i % 2 ? [] : name.split(' ')
    const direction = directionOf[letter]
    if (direction === undefined) return []
    return [{ direction, desk, became: became as Count['became'], n: Number(flat[i + 1]) }]
  })
}
