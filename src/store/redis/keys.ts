import { randomBytes } from 'node:crypto'

/** How many hash tags the sessions are spread over: enough for any cluster, few enough to sweep every half second. */
const SHARDS = 64

const shardName = (n: number): string => n.toString(16).padStart(2, '0')

export const shardNames: string[] = Array.from({ length: SHARDS }, (_, n) => shardName(n))

/** The shard of a client: the same on every replica, for ever (FNV-1a over UTF-16 units). */
export function shardOfClient(userid: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < userid.length; i++) hash = Math.imul(hash ^ userid.charCodeAt(i), 0x01000193)
  return shardName((hash >>> 0) % SHARDS)
}

/** A session's id starts with its shard, so that its keys are found from the id alone. */
export function newSessionId(userid: string): string {
  return shardOfClient(userid) + randomBytes(12).toString('base64url')
}

export function shardOfSession(session: string): string {
  return session.slice(0, 2)
}

/** All keys of one shard share the hash tag in braces (see lua/prelude.lua for what each holds). */
export type Keys = {
  tag(shard: string): string
  due(shard: string): string
  conversation(desk: string, conversation: string): string
  /** The lease of the link `<desk>/<link>`. */
  lease(link: string): string
  /** The last fence given for any link of that desk; with its leases on one cluster node. */
  lastFence(link: string): string
  /** What others hear under this name. */
  channel(name: string): string
  /** Never written: the node it would be on has the clock all go by. */
  clock: string
}

export function keysUnder(prefix: string): Keys {
  const tag = (shard: string): string => `${prefix}:{${shard}}:`
  const links = (link: string): string => `${prefix}:{link:${link.split('/', 1)[0]}}:`
  return {
    tag,
    due: shard => `${tag(shard)}due`,
    conversation: (desk, conversation) => `${prefix}:conversation:${desk}:${conversation}`,
    lease: link => `${links(link)}lease:${link}`,
    lastFence: link => `${links(link)}fence`,
    channel: name => `${prefix}:channel:${name}`,
    clock: `${prefix}:clock`,
  }
}
