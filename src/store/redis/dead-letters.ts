import type { DeadLetter, Entry, Turn } from '../../domain/mailbox.ts'
import type { DeadLetterQuery, Replay } from '../store.ts'
import type { Connection } from './connection.ts'
import { walkGraves } from './graves.ts'
import { shardOfSession } from './keys.ts'
import { findById } from './queries.ts'

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

/** Described at once while looking for those that fit. */
const AT_ONCE = 200

export async function deadLetters(c: Connection, query: DeadLetterQuery): Promise<DeadLetter[]> {
  const found: DeadLetter[] = []
  const next = walkGraves(c, query)
  for (let more = true; more && found.length < query.limit; ) {
    const ids = await take(next, AT_ONCE)
    const letters = await Promise.all(ids.map(id => describe(c, id)))
    found.push(...letters.flatMap(letter => (letter && fits(letter, query) ? [letter] : [])))
    more = ids.length === AT_ONCE
  }
  return found.slice(0, query.limit)
}

async function take(ids: AsyncGenerator<string>, most: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < most) {
    const { value, done } = await ids.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

async function describe({ redis, keys }: Connection, id: string): Promise<DeadLetter | undefined> {
  const key = `${keys.tag(shardOfSession(id))}d:${id}`
  const [meta, ...counted] = await redis.hmget(key, 'meta', 'attempts', 'at')
  return meta ? toDeadLetter(id, meta, counted) : undefined
}

type Counted = (string | null | undefined)[]

/** Those of an earlier version know their `at` from what is kept with the entry. */
function toDeadLetter(id: string, meta: string, [attempts, at]: Counted): DeadLetter {
  const earlier = { session: id.split('.', 1)[0], conversation: '' }
  const placed = at ? { at: Number(at) } : {}
  return { ...earlier, ...JSON.parse(meta), ...placed, id, attempts: Number(attempts) } as DeadLetter
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
  const [meta, entry, ...counted] = await redis.hmget(`${tag}d:${id}`, 'meta', 'entry', 'attempts', 'at')
  if (!meta || !entry) return undefined
  return { letter: toDeadLetter(id, meta, counted), entry: JSON.parse(entry) as Entry }
}

export async function replay(c: Connection, id: string, now: number): Promise<Replay> {
  const parts = /^([\w-]+)\.([ac])\.(.+)$/.exec(id)
  if (!parts) return 'unknown'
  const [, session = '', letter = '', entry = ''] = parts
  return (await c.scripts.replay(c.keys.due(shardOfSession(session)), now, session, letter, entry)) as Replay
}
