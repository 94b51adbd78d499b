import type { LinkStore } from '../link-store.ts'
import type { Store, StoreOptions } from '../store.ts'
import { checkServer } from './boot-check.ts'
import { nodeOf } from './client.ts'
import { type Connection, connect, open, reach } from './connection.ts'
import * as dead from './dead-letters.ts'
import { shardNames } from './keys.ts'
import { closeAgain } from './leftovers.ts'
import * as letters from './letters.ts'
import * as links from './links.ts'
import * as queries from './queries.ts'
import * as settlements from './settlements.ts'
import { tally } from './tally.ts'

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
    await checkServer(c.redis, c.address, extras.onWarning ?? (() => undefined))
    await Promise.all(shardNames.map(shard => c.scripts.upgrade(c.keys.due(shard))))
  } catch (error) {
    c.close()
    throw error
  }
  return {
    register: (draft, opening, now) => reach(letters.register(c, draft, opening, now)),
    accept: (letter, now) => reach(letters.accept(c, letter, now)),
    settle: (turn, head, outcome, now) => reach(settle(c, turn, head, outcome, now)),
    renew: (turn, now) => reach(settlements.renew(c, turn, now)),
    due: (now, limit) => reach(queries.due(c, now, limit, now - options.deadLetterTtlMs)),
    hasten: (direction, desk, now) => reach(queries.hasten(c, direction, desk, now)),
    claim: (session, direction, now) => reach(settlements.claim(c, session, direction, now)),
    findByClient: userid => reach(queries.findByClient(c, userid)),
    findById: id => reach(queries.findById(c, id)),
    findByConversation: (desk, conversation) => reach(queries.findByConversation(c, desk, conversation)),
    fateOf: (session, direction, entry) => reach(queries.fateOf(c, session, direction, entry)),
    unheard: (session, direction, dedupes) => reach(queries.unheard(c, session, direction, dedupes)),
    holdsMessage: (session, direction) => reach(queries.holdsMessage(c, session, direction)),
    forget: (session, now) => reach(queries.forget(c, session, now)),
    claimLook: (session, now) => reach(queries.claimLook(c, session, now)),
    closeAgain: (session, now) => reach(closeAgain(c, session, now)),
    deadLetters: query => reach(dead.deadLetters(c, query)),
    findDeadLetter: id => reach(dead.findDeadLetter(c, id)),
    replay: (id, now) => reach(dead.replay(c, id, now)),
    tally: () => reach(tally(c)),
    check: () => reach(check(c)),
    time: () => reach(time(c)),
    ...linkStore(c),
    async close() {
      c.close()
    },
  }
}

/** The pointer from the conversation may be on another node of a cluster than the session (see settlements.ts). */
function settle(c: Connection, ...[turn, head, outcome, now]: Parameters<Store['settle']>) {
  const step = () => settlements.settle(c, turn, head, outcome, now)
  if (outcome.kind !== 'opened') return step()
  return c.keep(c.keys.conversation(outcome.desk, outcome.conversation.id), step)
}

/** A full server still answers a PING, one without our scripts takes a key, and one node of a cluster says nothing of the others. */
async function check(c: Connection): Promise<void> {
  const shards = c.address.kind === 'cluster' ? shardNames : shardNames.slice(0, 1)
  await Promise.all(shards.map(shard => c.scripts.probe(c.keys.due(shard))))
}

/** Of one and the same node of a cluster: the nodes' clocks may differ. */
async function time({ redis, keys }: Connection): Promise<number> {
  const [seconds, micros] = await (nodeOf(redis, keys.clock) ?? redis).time()
  return Math.round(Number(seconds) * 1000 + Number(micros) / 1000)
}

/** Through one and the same node of a cluster: by different ways one word may overtake the other. */
async function tell({ redis }: Connection, channel: string, text: string): Promise<void> {
  await (nodeOf(redis, channel) ?? redis).publish(channel, text)
}

function linkStore(c: Connection): LinkStore {
  return {
    takeLink: (link, holder, ttlMs, now) => reach(links.takeLink(c, link, holder, ttlMs, now)),
    renewLink: (lease, ttlMs, now) => reach(links.renewLink(c, lease, ttlMs, now)),
    releaseLink: lease => reach(links.releaseLink(c, lease)),
    holderOfLink: (link, now) => reach(links.holderOfLink(c, link, now)),
    liveSessions: desk => reach(links.liveSessions(c, desk)),
    followSession: (session, fence) => reach(links.followSession(c, session, fence)),
    tell: (channel, text) => reach(tell(c, c.keys.channel(channel), text)),
    hear: (channel, heard) => reach(c.ears.hear(c.keys.channel(channel), heard)),
  }
}
