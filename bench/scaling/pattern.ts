import type { Redis } from 'ioredis'

/** Who one session is: what stands in its keys, and differs from session to session. */
export type Identity = { session: string; userid: string; conversation: string }

/**
 * What the store wrote for one session, as commands in which its ids are placeholders (see sow.lua). Read from Redis instead of
 * written down here, so that copies have the shape the store gives them, whatever that is.
 */
export type Pattern = { commands: string[][]; keys: number }

const SHARD = '\x01'
const OWN = { session: '\x02', userid: '\x03', conversation: '\x04' }

/** Reads a Redis that holds nothing but this session. What belongs to no session (counts, leases) is left out. */
export async function readPattern(redis: Redis, identity: Identity): Promise<Pattern> {
  const commands: string[][] = []
  for (const key of (await redis.keys('*')).sort()) commands.push(...(await describe(redis, key, identity)))
  const keys = new Set(commands.map(([, key = '']) => key).filter(isOwn)).size
  return { commands, keys }
}

/** Something of this session alone. */
const isOwn = (text: string): boolean => Object.values(OWN).some(sign => text.includes(sign))

async function describe(redis: Redis, key: string, identity: Identity): Promise<string[][]> {
  const hide = hider(identity)
  const [type, left] = [await redis.type(key), await redis.pttl(key)]
  const [write = '', name] = [WRITERS[type], hide(key)]
  const parts = ((await READERS[type]?.(redis, key)) ?? []).map(part => part.map(hide))
  if (!isOwn(name)) return parts.filter(part => part.some(isOwn)).map(part => [write, name, ...part])
  const whole = [write, name, ...parts.flat()]
  return left > 0 ? [whole, ['PEXPIRE', name, String(left)]] : [whole]
}

function hider({ session, userid, conversation }: Identity): (text: string) => string {
  const shard = `{${session.slice(0, 2)}}`
  return text =>
    text
      .replaceAll(session, OWN.session)
      .replaceAll(userid, OWN.userid)
      .replaceAll(conversation, OWN.conversation)
      .replaceAll(shard, `{${SHARD}}`)
}

const WRITERS: Record<string, string> = {
  string: 'SET',
  hash: 'HSET',
  list: 'RPUSH',
  set: 'SADD',
  zset: 'ZADD',
}

/** What follows the key in a command, for each part of it. */
const READERS: Record<string, (redis: Redis, key: string) => Promise<string[][]>> = {
  string: async (redis, key) => [[(await redis.get(key)) ?? '']],
  hash: async (redis, key) => [Object.entries(await redis.hgetall(key)).flat()],
  list: async (redis, key) => (await redis.lrange(key, 0, -1)).map(entry => [entry]),
  set: async (redis, key) => (await redis.smembers(key)).map(member => [member]),
  zset: async (redis, key) => pairs(await redis.zrange(key, 0, '-1', 'WITHSCORES')),
}

function pairs(flat: string[]): string[][] {
  return flat.flatMap((member, i) => (i % 2 ? [] : [[flat[i + 1] ?? '', member]]))
}
