import type { Session } from '../../domain/session.ts'
import type { LinkLease } from '../link-store.ts'
import { decodeCursor, decodeSession, type View } from './codec.ts'
import type { Connection } from './connection.ts'
import { shardNames, shardOfSession } from './keys.ts'

export async function takeLink(
  { keys, scripts }: Connection,
  link: string,
  holder: string,
  ttlMs: number,
  now: number,
): Promise<LinkLease | undefined> {
  const fence = await scripts['take-link'](keys.lease(link), keys.lastFence(link), now, ttlMs, holder)
  return fence === null ? undefined : { link, holder, fence: Number(fence) }
}

export async function renewLink(
  { keys, scripts }: Connection,
  { link, fence }: LinkLease,
  ttlMs: number,
  now: number,
): Promise<boolean> {
  return (await scripts['renew-link'](keys.lease(link), now, ttlMs, fence)) === 1
}

export async function releaseLink({ keys, scripts }: Connection, { link, fence }: LinkLease): Promise<void> {
  await scripts['release-link'](keys.lease(link), fence)
}

export async function holderOfLink(
  { redis, keys }: Connection,
  link: string,
  now: number,
): Promise<LinkLease | undefined> {
  const [holder, fence, until] = await redis.hmget(keys.lease(link), 'holder', 'fence', 'until')
  if (typeof holder !== 'string' || Number(until) <= now) return undefined
  return { link, holder, fence: Number(fence) }
}

export async function liveSessions({ redis, keys }: Connection, desk: string): Promise<string[]> {
  const perShard = await Promise.all(
    shardNames.map(shard => redis.smembers(`${keys.tag(shard)}live:${desk}`)),
  )
  return perShard.flat()
}

export async function followSession(
  { keys, scripts }: Connection,
  session: string,
  fence: number,
): Promise<{ session: Session; cursor?: string } | undefined> {
  const dueKey = keys.due(shardOfSession(session))
  const reply = (await scripts.follow(dueKey, session, fence)) as [View, string | null] | null
  return reply ? { session: decodeSession(session, reply[0]), ...decodeCursor(reply[1]) } : undefined
}
