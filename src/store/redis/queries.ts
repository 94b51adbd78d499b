import type { DeadLetter, Direction } from '../../domain/mailbox.ts'
import type { Session } from '../../domain/session.ts'
import type { DeadLetterQuery, Due, Fate, Replay, Waiting } from '../store.ts'
import { decodeSession, directionOf, encodeId, joinView, letterOf } from './codec.ts'
import type { Connection } from './connection.ts'
import { shardNames, shardOfClient, shardOfSession } from './keys.ts'

const DAY_MS = 86_400_000

export async function findById(c: Connection, id: string): Promise<Session | undefined> {
  const tag = c.keys.tag(shardOfSession(id))
  const [record, fields] = await Promise.all([
    c.redis.get(`${tag}r:${id}`),
    c.redis.hmget(`${tag}s:${id}`, 'st', 'dk', 'cv', 'cs', 'ag', 'ea', 'er', 'ed'),
  ])
  return record ? decodeSession(id, joinView([record, ...fields])) : undefined
}

export async function findByClient(
  c: Connection,
  userid: string,
): Promise<{ session: Session; waiting: Waiting } | undefined> {
  const tag = c.keys.tag(shardOfClient(userid))
  const id = await c.redis.get(`${tag}c:${userid}`)
  const session = id ? await findById(c, id) : undefined
  if (!session) return undefined
  const [to_agent, to_client] = await Promise.all([
    c.redis.llen(`${tag}m:${id}:a`),
    c.redis.llen(`${tag}m:${id}:c`),
  ])
  return { session, waiting: { to_agent, to_client } }
}

export async function findByConversation(c: Connection, desk: string, conversation: string) {
  const id = await c.redis.get(c.keys.conversation(desk, conversation))
  return id ? findById(c, id) : undefined
}

export async function fateOf(
  c: Connection,
  session: string,
  direction: Direction,
  entry: string,
): Promise<Fate> {
  const tag = c.keys.tag(shardOfSession(session))
  const box = `${session}:${letterOf[direction]}`
  const [waiting, [dead, replayed]] = await Promise.all([
    c.redis.lrange(`${tag}m:${box}`, 0, -1),
    c.redis.hmget(`${tag}d:${session}.${letterOf[direction]}.${entry}`, 'meta', 'replayed'),
  ])
  const start = `{"id":${encodeId(entry)}`
  if (waiting.some(text => text.startsWith(`${start}"`) || text.startsWith(`${start}#`))) return 'waiting'
  return dead && !replayed ? 'dead' : 'settled'
}

/** Members of every shard's sorted set up to `max`, lowest score first. */
async function earliest(c: Connection, set: 'due' | 'idle', max: number, limit: number) {
  const replies = await Promise.all(
    shardNames.map(shard =>
      c.redis.zrangebyscore(c.keys.tag(shard) + set, '-inf', max, 'WITHSCORES', 'LIMIT', 0, limit),
    ),
  )
  const pairs = replies.flatMap(flat =>
    flat.flatMap((member, i) => (i % 2 ? [] : [{ member, score: Number(flat[i + 1]) }])),
  )
  return pairs.sort((a, b) => a.score - b.score).slice(0, limit)
}

/** Also drops dead letters from the list that are older than `deadBefore`; their bodies expire by themselves. */
export async function due(c: Connection, now: number, limit: number, deadBefore: number): Promise<Due[]> {
  const expiring = shardNames.map(shard =>
    c.redis.zremrangebyscore(`${c.keys.tag(shard)}dead`, '-inf', deadBefore),
  )
  // Together: a failure that nobody awaits any more would end the process.
  const [mailboxes, sessions] = await Promise.all([
    earliest(c, 'due', now, limit),
    earliest(c, 'idle', now, limit),
    ...expiring,
  ])
  const found: Due[] = mailboxes.map(({ member }) => ({
    kind: 'mailbox',
    session: member.slice(0, -2),
    direction: directionOf[member.slice(-1)] ?? 'to_agent',
  }))
  return [...found, ...sessions.map(({ member }): Due => ({ kind: 'session', session: member }))].slice(
    0,
    limit,
  )
}

const COMPARE_AND_DELETE =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"

export async function forget(c: Connection, id: string, now: number): Promise<void> {
  const session = await findById(c, id)
  const dueKey = c.keys.due(shardOfSession(id))
  const gone = await c.scripts.forget(dueKey, now, now + DAY_MS, id, session?.client.uuid ?? '')
  if (gone !== 1 || !session?.desk || !session.conversation) return
  await c.redis.eval(COMPARE_AND_DELETE, 1, c.keys.conversation(session.desk, session.conversation.id), id)
}

export async function deadLetters(c: Connection, query: DeadLetterQuery): Promise<DeadLetter[]> {
  const perShard = await Promise.all(shardNames.map(shard => newestDead(c, shard, query.limit)))
  return perShard
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, query.limit)
}

async function newestDead(c: Connection, shard: string, limit: number): Promise<DeadLetter[]> {
  const tag = c.keys.tag(shard)
  const ids = await c.redis.zrevrange(`${tag}dead`, 0, limit - 1)
  const found = await Promise.all(ids.map(id => c.redis.hmget(`${tag}d:${id}`, 'meta', 'attempts')))
  return ids.flatMap((id, i) => {
    const [meta, attempts] = found[i] ?? []
    return meta ? [{ ...JSON.parse(meta), id, attempts: Number(attempts) } as DeadLetter] : []
  })
}

export async function replay(c: Connection, id: string, now: number): Promise<Replay> {
  const parts = /^([\w-]+)\.([ac])\.(.+)$/.exec(id)
  if (!parts) return 'unknown'
  const [, session = '', letter = '', entry = ''] = parts
  return (await c.scripts.replay(c.keys.due(shardOfSession(session)), now, session, letter, entry)) as Replay
}

export async function countWaiting(c: Connection): Promise<Waiting> {
  const counts = await Promise.all(shardNames.map(shard => c.scripts.waiting(c.keys.due(shard))))
  return (counts as [number, number][]).reduce<Waiting>(
    (sum, [a, b]) => ({ to_agent: sum.to_agent + a, to_client: sum.to_client + b }),
    { to_agent: 0, to_client: 0 },
  )
}
