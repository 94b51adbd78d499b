import type { DeadLetterQuery } from '../store.ts'
import type { Connection } from './connection.ts'
import { shardNames } from './keys.ts'

/** Read at once of one shard. */
const PAGE = 100

type Grave = { id: string; place: number }
type Shard = { name: string; read: Grave[]; skip: number; isOver: boolean }

/** The ids of dead letters in the order of their deaths, over all shards: no more of each is read than is asked for. */
export async function* walkGraves(c: Connection, query: DeadLetterQuery): AsyncGenerator<string> {
  const shards: Shard[] = shardNames.map(name => ({ name, read: [], skip: 0, isOver: false }))
  for (;;) {
    const empty = shards.filter(({ read, isOver }) => read.length === 0 && !isOver)
    if (empty.length > 0) await Promise.all(empty.map(shard => readOn(c, shard, query)))
    const first = firstOf(shards, query)?.read.shift()
    if (!first) return
    yield first.id
  }
}

function firstOf(shards: Shard[], { oldest }: DeadLetterQuery): Shard | undefined {
  let first: Shard | undefined
  for (const shard of shards) {
    const [place, best] = [shard.read[0]?.place, first?.read[0]?.place]
    if (place === undefined) continue
    if (best === undefined || (oldest ? place < best : place > best)) first = shard
  }
  return first
}

async function readOn({ redis, keys }: Connection, shard: Shard, query: DeadLetterQuery): Promise<void> {
  const key = `${keys.tag(shard.name)}dead`
  const since = query.since ?? '-inf'
  // Places are times with a fraction that keeps the order within a ms.
  const until = query.until === undefined ? '+inf' : `(${query.until + 1}`
  const page = ['WITHSCORES', 'LIMIT', shard.skip, PAGE] as const
  const flat = query.oldest
    ? await redis.zrangebyscore(key, since, until, ...page)
    : await redis.zrevrangebyscore(key, until, since, ...page)
  shard.read = flat.flatMap((id, i) => (i % 2 ? [] : [{ id, place: Number(flat[i + 1]) }]))
  shard.skip += shard.read.length
  shard.isOver = shard.read.length < PAGE
}
