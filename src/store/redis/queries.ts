import type { Direction } from '../../domain/mailbox.ts'
import type { Session } from '../../domain/session.ts'
import type { Due, Fate, Waiting } from '../store.ts'
import { decodeSession, directionOf, encodeId, joinView, letterOf, VIEW_FIELDS, type View } from './codec.ts'
import type { Connection } from './connection.ts'
import { shardNames, shardOfClient, shardOfSession } from './keys.ts'

const DAY_MS = 86_400_000

/** However many mailboxes are asked for: these can wait, and each shard reads as many. */
const MOST_SESSIONS = 200
const MOST_LOOKS = 20
/** Of ids in one command: Redis does nothing else meanwhile. */
const ASKED_AT_ONCE = 1_000

export async function findById(c: Connection, id: string): Promise<Session | undefined> {
  const tag = c.keys.tag(shardOfSession(id))
  const [record, fields] = await Promise.all([
    c.redis.get(`${tag}r:${id}`),
    c.redis.hmget(`${tag}s:${id}`, ...VIEW_FIELDS),
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
  const due = c.keys.due(shardOfSession(session))
  return (await c.scripts.fate(due, session, letterOf[direction], entry, encodeId(entry))) as Fate
}

/** Members of every shard's sorted set up to `max`, lowest score first. */
async function earliest(c: Connection, set: 'due' | 'idle' | 'look', max: number, limit: number) {
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
  const [mailboxes, sessions, looks] = await Promise.all([
    earliest(c, 'due', now, limit),
    earliest(c, 'idle', now, Math.min(limit, MOST_SESSIONS)),
    earliest(c, 'look', now, Math.min(limit, MOST_LOOKS)),
    ...expiring,
  ])
  const found: Due[] = mailboxes.map(({ member }) => ({
    kind: 'mailbox',
    session: member.slice(0, -2),
    direction: directionOf[member.slice(-1)] ?? 'to_agent',
  }))
  for (const { member } of sessions) found.push({ kind: 'session', session: member })
  for (const { member } of looks) found.push({ kind: 'look', session: member })
  return found
}

const DELETE_OWN =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
const EXPIRE_OWN =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end"

/** Breaking off in between leaves a pointer that runs out; put off, the session has it prolonged in a day. */
export async function forget(c: Connection, id: string, now: number): Promise<void> {
  const session = await findById(c, id)
  const pointer = session?.state === 'ended' ? pointerOf(c, session) : undefined
  if (pointer) await c.redis.eval(EXPIRE_OWN, 1, pointer, id, 2 * DAY_MS)
  const dueKey = c.keys.due(shardOfSession(id))
  const gone = await c.scripts.forget(dueKey, now, now + DAY_MS, id, session?.client.uuid ?? '')
  if (gone === 1 && pointer) await c.redis.eval(DELETE_OWN, 1, pointer, id)
}

function pointerOf(c: Connection, { desk, conversation }: Session): string | undefined {
  return desk && conversation ? c.keys.conversation(desk, conversation.id) : undefined
}

export async function claimLook(c: Connection, id: string, now: number): Promise<Session | undefined> {
  const view = (await c.scripts.look(c.keys.due(shardOfSession(id)), now, id)) as View | null
  return view === null ? undefined : decodeSession(id, view)
}

export async function unheard(
  c: Connection,
  session: string,
  direction: Direction,
  dedupes: string[],
): Promise<string[]> {
  const seen = `${c.keys.tag(shardOfSession(session))}i:${session}:${letterOf[direction]}`
  const unheard: string[] = []
  for (let from = 0; from < dedupes.length; from += ASKED_AT_ONCE) {
    const some = dedupes.slice(from, from + ASKED_AT_ONCE)
    const heardAt = await c.redis.zmscore(seen, ...some)
    unheard.push(...some.filter((_, i) => heardAt[i] === null))
  }
  return unheard
}

export async function holdsMessage(c: Connection, session: string, direction: Direction): Promise<boolean> {
  return (
    (await c.scripts['holds-message'](c.keys.due(shardOfSession(session)), session, letterOf[direction])) ===
    1
  )
}

export async function hasten(
  c: Connection,
  direction: Direction,
  desk: string | undefined,
  now: number,
): Promise<void> {
  const hastened = shardNames.map(shard =>
    c.scripts.hasten(c.keys.due(shard), now, letterOf[direction], desk ?? ''),
  )
  await Promise.all(hastened)
}
