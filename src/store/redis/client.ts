import { Cluster, Command, Redis, type RedisOptions } from 'ioredis'
import type { Place, RedisAddress } from '../../lib/redis-address.ts'
import { tlsMistake, tlsPlaces, tlsTo } from './tls.ts'

/** One server (REDIS_URL's own, or the sentinels' present master), or all of a cluster. */
export type Client = Redis | Cluster

export type At<K extends RedisAddress['kind']> = Extract<RedisAddress, { kind: K }>
type Login = { tls: boolean; username?: string; password?: string }

/** How long Redis may say nothing while it owes an answer, in ms: well below every caller's budget. */
const ANSWER_TIMEOUT_MS = 2_000

export const retryDelay = (attempt: number): number => Math.min(100 * attempt, 1_000)

/** Whoever says this was the master and is no more. */
const isDemoted = ({ message }: Error): boolean => /\b(READONLY|UNBLOCKED)\b/.test(message)

const COMMON = {
  lazyConnect: true,
  socketTimeout: ANSWER_TIMEOUT_MS,
  connectTimeout: 3_000,
  // A command whose answer was lost may have been carried out: it is never sent again by itself.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions

/** For a connection to one server. */
export const SINGLE = {
  ...COMMON,
  enableAutoPipelining: true,
  // It holds up its connection, and one serves many as it is.
  autoPipeliningIgnoredCommands: ['wait'],
  enableOfflineQueue: false,
  retryStrategy: retryDelay,
} satisfies RedisOptions

/** Not connected yet. While Redis is away its commands fail at once instead of piling up. */
export function createClient(address: RedisAddress): Client {
  const client = clientFor(address)
  // Without a listener ioredis prints every failed reconnect; each failed command says the same to its caller.
  client.on('error', error => {
    // ioredis would go on in database 0, which may be somebody else's.
    if (isRefusedDatabase(error)) client.disconnect(true)
    // Whoever hears it next is told what to do.
    error.message = tlsMistake(error) ?? error.message
    lastErrors.set(client, error)
  })
  client.on('ready', () => lastErrors.delete(client))
  if (client instanceof Redis) leaveWhenDemoted(client)
  return client
}

/** Whether Redis did not let us into the database that REDIS_URL names. */
export function isRefusedDatabase(error: Error): boolean {
  return 'command' in error && (error.command as { name?: string }).name === 'select'
}

/** Connects anew, which may lead elsewhere. Once: ioredis asks for each refused command, and many are under way. */
function leaveWhenDemoted(redis: Redis): void {
  let left: unknown
  redis.options.reconnectOnError = error => {
    if (!isDemoted(error) || left === redis.stream) return false
    left = redis.stream
    return true
  }
}

function clientFor(address: RedisAddress): Client {
  switch (address.kind) {
    case 'server':
      return toServer(address)
    case 'sentinel':
      return throughSentinels(address)
    case 'cluster':
      return toCluster(address)
  }
}

function toServer(address: At<'server'>): Redis {
  const redis = new TellingRedis(address.url, SINGLE)
  // Options beside a URL cannot say it: what the URL says goes first.
  for (const { host } of tlsPlaces(address)) redis.options.tls = tlsTo(host)
  return redis
}

function throughSentinels(address: At<'sentinel'>): Redis {
  const { sentinels, master, db, tls, sentinelUsername, sentinelPassword } = address
  let wasReady = false
  const redis = new TellingRedis({
    ...SINGLE,
    ...loginOf(address),
    sentinels,
    name: master,
    db,
    ...(sentinelUsername && { sentinelUsername }),
    ...(sentinelPassword && { sentinelPassword }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    sentinelCommandTimeout: ANSWER_TIMEOUT_MS,
    // At the start somebody waits for the reason; later on there is nothing to do but to go on trying.
    sentinelRetryStrategy: attempt => (wasReady ? retryDelay(attempt) : null),
  })
  redis.once('ready', () => (wasReady = true))
  return redis
}

function toCluster({ nodes, ...address }: At<'cluster'>): Cluster {
  return new ImpatientCluster(nodes, {
    lazyConnect: true,
    clusterRetryStrategy: retryDelay,
    // Each would send commands again that may have been carried out, or hold them back for seconds.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: ANSWER_TIMEOUT_MS,
    redisOptions: { ...COMMON, ...loginOf(address) },
    // Certificates are made out to names.
    ...(address.tls && { dnsLookup: (host, found) => found(null, host) }),
  })
}

const AWAY = ['connecting', 'reconnecting', 'close']

/** Says of a command why there is no connection, where ioredis would say that a stream is not writable. */
class TellingRedis extends Redis {
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    return AWAY.includes(this.status) ? refuse(command, whyAway(this)) : super.sendCommand(command, stream)
  }
}

const lastErrors = new WeakMap<Client, Error>()

function whyAway(client: Client): string {
  return lastErrors.get(client)?.message ?? 'the connection is lost, or still being made'
}

/** Holds a command back only while the connection to its node is being made, never while the cluster is away. */
class ImpatientCluster extends Cluster {
  override sendCommand(...[command, stream, node]: Parameters<Cluster['sendCommand']>): unknown {
    if (this.status === 'ready' || command.name === 'cluster') return super.sendCommand(command, stream, node)
    return refuse(command, 'the cluster is not connected')
  }
}

function refuse(command: Command, why: string): Promise<unknown> {
  command.reject(new Error(why))
  return command.promise
}

export function loginOf({
  tls,
  username,
  password,
}: Login): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  return { ...(username && { username }), ...(password && { password }), ...(tls && { tls: {} }) }
}

export function placeOf({ options }: Redis): Place {
  return { host: options.host ?? '', port: options.port ?? 0 }
}

/** The master that has `key`; undefined while there is no connection to it. */
export function nodeOf(client: Client, key: string): Redis | undefined {
  if (client instanceof Redis) return client
  const address = client.slots[new Command('get', [key]).getSlot()]?.[0]
  return client.nodes('master').find(master => {
    const { host, port } = placeOf(master)
    return `${host}:${port}` === address
  })
}
