import { Redis } from 'ioredis'
import type { RedisAddress } from '../../lib/redis-address.ts'
import { type Client, placeOf } from './client.ts'
import { checkTls } from './tls.ts'

type Warn = (text: string) => void

/** The server may refuse writes when full, but must never throw a key away: that would lose what we answered 2xx for. */
const SAFE_POLICY = 'noeviction'

/** What is wrong with a sentinel's address as redis://…, without the variable's name. */
export const A_SENTINEL =
  'this is a sentinel, which keeps nothing itself; write redis+sentinel://user:password@host:26379,host:26379/<name of the master>'

/**
 * Looks at the server, at the sentinels' present master, or at every master of a cluster. Throws when one cannot be reached,
 * or is allowed to evict, or when the server takes no writes; warns when a crash or a failover of it could lose acknowledged messages.
 */
export async function checkServer(client: Client, address: RedisAddress, onWarning: Warn): Promise<void> {
  if (client instanceof Redis && address.kind === 'server') await checkRole(client)
  const masters = client instanceof Redis ? [client] : client.nodes('master')
  if (address.kind === 'cluster') await Promise.all(masters.map(master => reachMaster(master, address.tls)))
  const warnings = await Promise.all(masters.map(master => checkMaster(master, address)))
  for (const text of new Set(warnings.flat())) onWarning(text)
}

/** Sentinels and clusters name masters. */
async function checkRole(server: Redis): Promise<void> {
  const info = (await allowed(server.info())) ?? ''
  if (/^redis_mode:sentinel/m.test(info)) throw new Error(`REDIS_URL: ${A_SENTINEL}`)
  if (!/^role:slave/m.test(info)) return
  const [host, port] = ['host', 'port'].map(
    name => new RegExp(`^master_${name}:(.*?)\r?$`, 'm').exec(info)?.[1],
  )
  throw new Error(
    `REDIS_URL: this Redis is a replica and takes no writes; write its master, which it has at ${host}:${port}, or the sentinels (redis+sentinel://…), which follow it to another server`,
  )
}

/** The cluster names it, perhaps otherwise than REDIS_URL or its certificate does. */
async function reachMaster(master: Redis, tls: boolean): Promise<void> {
  try {
    await allowed(master.ping())
  } catch (cause) {
    const place = placeOf(master)
    const why = await (tls ? checkTls([place]) : Promise.resolve()).then(
      () => `${place.host}:${place.port}: ${messageOf(cause)}`,
      messageOf,
    )
    throw new Error(`REDIS_URL: a master that the cluster names cannot be used (${why})`, { cause })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function checkMaster(master: Redis, address: RedisAddress): Promise<string[]> {
  const where = address.kind === 'server' ? '' : ` at ${nameOf(master)}`
  return [
    ...(await settingWarnings(master, address, where)),
    ...(await replicaWarnings(master, address, where)),
  ]
}

async function settingWarnings(master: Redis, { kind }: RedisAddress, where: string): Promise<string[]> {
  const names = ['maxmemory-policy', 'appendonly', 'min-replicas-to-write']
  const [policy, appendonly, least] = await Promise.all(names.map(name => setting(master, name)))
  if (policy === undefined)
    return [
      'Redis does not let us read its settings; make sure maxmemory-policy is noeviction and appendonly is yes.',
    ]
  if (policy !== SAFE_POLICY) {
    throw new Error(
      `REDIS_URL: this Redis${where} may evict keys (maxmemory-policy is "${policy}"), which would lose messages. Set maxmemory-policy to noeviction, or use a Redis of its own.`,
    )
  }
  const risks = {
    [`Redis${where} runs without its append-only file: messages not delivered yet are lost when it crashes. Set appendonly yes.`]:
      appendonly !== 'yes',
    [`Redis${where} takes writes even when it is cut off from its replicas, which are thrown away when it comes back. Set min-replicas-to-write 1 and min-replicas-max-lag 10 on all servers the sentinels know.`]:
      kind === 'sentinel' && least === '0',
  }
  return Object.keys(risks).filter(text => risks[text])
}

async function replicaWarnings(master: Redis, { replicas }: RedisAddress, where: string): Promise<string[]> {
  const connected = await countReplicas(master)
  if (connected === undefined) return []
  if (connected < replicas)
    return [
      `REDIS_URL wants each write on ${replicas} replicas, and Redis${where} has ${connected}: every message is refused until it has them. Start them, or set ?replicas=0.`,
    ]
  if (connected > replicas)
    return [
      `Redis${where} has replicas (${connected}), and each write waits for ${replicas}: a failover may choose one that has not received what was answered. Set ?replicas=${connected} in REDIS_URL.`,
    ]
  return []
}

/** Managed services often forbid CONFIG; then there is nothing to read. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  const reply = await allowed(redis.config('GET', name) as Promise<string[]>)
  return reply?.[1]
}

async function countReplicas(redis: Redis): Promise<number | undefined> {
  const [, count] = /^connected_slaves:(\d+)/m.exec((await allowed(redis.info('replication'))) ?? '') ?? []
  return count === undefined ? undefined : Number(count)
}

async function allowed<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply
  } catch (error) {
    if (error instanceof Error && /unknown command|NOPERM|ERR/.test(error.message)) return undefined
    throw error
  }
}

/** Sentinels name the master to the connection only; a cluster's nodes connect when they are needed. */
function nameOf(redis: Redis): string {
  const { host, port } = placeOf(redis)
  return `${redis.stream?.remoteAddress ?? host}:${redis.stream?.remotePort ?? port}`
}
