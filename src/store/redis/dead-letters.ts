import type { DeadLetter, Entry, Turn } from '../../domain/mailbox.ts'
import type { DeadLetterQuery, Replay } from '../store.ts'
import type { Connection } from './connection.ts'
import { shardNames, shardOfSession } from './keys.ts'
import { findById } from './queries.ts'

/** Read at once of one shard while looking for those that fit. */
const PAGE = 500

type Placed = { letter: DeadLetter; place: number }

/** What is kept with the entry, as JSON. */
export async function describeDead(c: Connection, turn: Turn, reason: string, at: number): Promise<string> {
  const session = await findById(c, turn.session)
  return JSON.stringify({
    direction: turn.direction,
    desk: session?.desk ?? '',
    userid: session?.client.uuid ?? '',
    session: turn.session,
    conversation: session?.conversation?.id ?? '',
    reason,
    at,
  } satisfies Omit<DeadLetter, 'id' | 'attempts'>)
}

export async function deadLetters(c: Connection, query: DeadLetterQuery): Promise<DeadLetter[]> {
  const perShard = await Promise.all(shardNames.map(shard => newestDead(c, shard, query)))
  return perShard
    .flat()
    .sort((a, b) => b.place - a.place)
    .slice(0, query.limit)
    .map(({ letter }) => letter)
}

async function newestDead(c: Connection, shard: string, query: DeadLetterQuery): Promise<Placed[]> {
  const found: Placed[] = []
  // Places are times with a fraction that keeps the order within a ms.
  const until = query.until === undefined ? '+inf' : `(${query.until + 1}`
  const since = query.since ?? '-inf'
  for (let skip = 0; found.length < query.limit; skip += PAGE) {
    const page = await readPage(c, shard, until, since, skip)
    found.push(...page.filter(({ letter }) => fits(letter, query)))
    if (page.length < PAGE) break
  }
  return found.slice(0, query.limit)
}

async function readPage(
  { redis, keys }: Connection,
  shard: string,
  until: string,
  since: number | string,
  skip: number,
): Promise<Placed[]> {
  const tag = keys.tag(shard)
  const flat = await redis.zrevrangebyscore(`${tag}dead`, until, since, 'WITHSCORES', 'LIMIT', skip, PAGE)
  const places = flat.flatMap((id, i) => (i % 2 ? [] : [{ id, place: Number(flat[i + 1]) }]))
  return Promise.all(
    places.map(async ({ id, place }) => {
      const [meta, attempts] = await redis.hmget(`${tag}d:${id}`, 'meta', 'attempts')
      return { letter: toDeadLetter(id, meta ?? '{}', attempts ?? null), place }
    }),
  )
}

function toDeadLetter(id: string, meta: string, attempts: string | null): DeadLetter {
  return { ...JSON.parse(meta), id, attempts: Number(attempts) } as DeadLetter
}

function fits(letter: DeadLetter, { direction, desk, userid, conversation }: DeadLetterQuery): boolean {
  const wanted = { direction, desk, userid, conversation }
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || letter[key as keyof typeof wanted] === value,
  )
}

export async function findDeadLetter(
  { redis, keys }: Connection,
  id: string,
): Promise<{ letter: DeadLetter; entry: Entry } | undefined> {
  const tag = keys.tag(shardOfSession(id))
  const [meta, attempts, entry] = await redis.hmget(`${tag}d:${id}`, 'meta', 'attempts', 'entry')
  if (!meta || !entry) return undefined
  return { letter: toDeadLetter(id, meta, attempts ?? null), entry: JSON.parse(entry) as Entry }
}

export async function replay(c: Connection, id: string, now: number): Promise<Replay> {
  const parts = /^([\w-]+)\.([ac])\.(.+)$/.exec(id)
  if (!parts) return 'unknown'
  const [, session = '', letter = '', entry = ''] = parts
  return (await c.scripts.replay(c.keys.due(shardOfSession(session)), now, session, letter, entry)) as Replay
}
