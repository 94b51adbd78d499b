import type { LinkStore } from '../link-store.ts'
import type { Store, StoreOptions } from '../store.ts'
import { checkServer } from './boot-check.ts'
import { type Connection, connect, open, reach } from './connection.ts'
import * as letters from './letters.ts'
import * as links from './links.ts'
import * as queries from './queries.ts'
import * as settlements from './settlements.ts'

export type RedisExtras = {
  /** Before every key; lets several mediators share a server. */
  prefix?: string
  /** Called at boot for what is allowed but risky. */
  onWarning?: (text: string) => void
}

/** Connects, checks the server (see boot-check.ts), and is ready. Throws when it cannot be reached or may evict keys. */
export async function openRedisStore(
  url: string,
  options: StoreOptions,
  extras: RedisExtras = {},
): Promise<Store> {
  const c = connect(url, extras.prefix ?? 'lam', options)
  try {
    await open(c)
    await checkServer(c.redis, extras.onWarning ?? (() => undefined))
  } catch (error) {
    c.redis.disconnect()
    throw error
  }
  return {
    register: (draft, opening, now) => reach(letters.register(c, draft, opening, now)),
    accept: (letter, now) => reach(letters.accept(c, letter, now)),
    settle: (turn, head, outcome, now) => reach(settlements.settle(c, turn, head, outcome, now)),
    renew: (turn, now) => reach(settlements.renew(c, turn, now)),
    due: (now, limit) => reach(queries.due(c, now, limit, now - options.deadLetterTtlMs)),
    claim: (session, direction, now) => reach(settlements.claim(c, session, direction, now)),
    findByClient: userid => reach(queries.findByClient(c, userid)),
    findById: id => reach(queries.findById(c, id)),
    findByConversation: (desk, conversation) => reach(queries.findByConversation(c, desk, conversation)),
    fateOf: (session, direction, entry) => reach(queries.fateOf(c, session, direction, entry)),
    forget: (session, now) => reach(queries.forget(c, session, now)),
    deadLetters: query => reach(queries.deadLetters(c, query)),
    replay: (id, now) => reach(queries.replay(c, id, now)),
    countWaiting: () => reach(queries.countWaiting(c)),
    // A full server still answers a PING.
    check: () => reach(c.redis.set(c.keys.probe, '1', 'PX', 1_000).then(() => undefined)),
    ...linkStore(c),
    async close() {
      c.ears.close()
      c.redis.disconnect()
    },
  }
}

function linkStore(c: Connection): LinkStore {
  return {
    takeLink: (link, holder, ttlMs, now) => reach(links.takeLink(c, link, holder, ttlMs, now)),
    renewLink: (lease, ttlMs, now) => reach(links.renewLink(c, lease, ttlMs, now)),
    releaseLink: lease => reach(links.releaseLink(c, lease)),
    holderOfLink: (link, now) => reach(links.holderOfLink(c, link, now)),
    liveSessions: desk => reach(links.liveSessions(c, desk)),
    followSession: (session, fence) => reach(links.followSession(c, session, fence)),
    tell: (channel, text) => reach(c.redis.publish(c.keys.channel(channel), text).then(() => undefined)),
    hear: (channel, heard) => reach(c.ears.hear(c.keys.channel(channel), heard)),
  }
}
