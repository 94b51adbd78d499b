import { Redis } from 'ioredis'
import { type RedisServer, startRedis } from './redis-server.ts'
import { until } from './until.ts'

/** A real master with replicas on 127.0.0.1, and three sentinels that know it as `mymaster`. */
export type RedisSentinels = {
  url: string
  sentinels: RedisServer[]
  /** The first was the master at the start. */
  servers: RedisServer[]
  /** By the place in `servers`, as most of the sentinels have it. */
  master(): Promise<number>
  /** Resolves when there is a master with as many replicas, and the sentinels know them. */
  ready(replicas: number): Promise<void>
  stop(): Promise<void>
}

const NAME = 'mymaster'
const SENTINELS = 3
/** How long the master may be silent before its place is taken, in ms. */
const DOWN_MS = 500

export async function startSentinels(replicas = 1, args: string[] = []): Promise<RedisSentinels> {
  const first = await startRedis({ appendonly: true, args: [...FAST, ...args] })
  const { hostname, port } = new URL(first.url)
  const following = [...FAST, ...args, '--replicaof', hostname, port]
  const others = Array.from({ length: replicas }, () => startRedis({ appendonly: true, args: following }))
  const servers = [first, ...(await Promise.all(others))]
  await until('the replicas have the master', () => hasReplicas(first, replicas))
  const sentinels = await Promise.all(Array.from({ length: SENTINELS }, () => startSentinel(hostname, port)))
  const all = manage(servers, sentinels)
  await all.ready(replicas)
  return all
}

/** Replicas are fed at once, not after five seconds. */
const FAST = ['--repl-diskless-sync-delay', '0']

function startSentinel(host: string, port: string): Promise<RedisServer> {
  const file = [
    `sentinel monitor ${NAME} ${host} ${port} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_MS}`,
    `sentinel failover-timeout ${NAME} 1000`,
  ]
  return startRedis({ file: `${file.join('\n')}\n`, args: ['--sentinel'] })
}

async function hasReplicas({ url }: RedisServer, replicas: number): Promise<boolean> {
  const info = await ask(url, redis => redis.info('replication'))
  return (String(info).match(/state=online/g) ?? []).length >= replicas
}

function manage(servers: RedisServer[], sentinels: RedisServer[]): RedisSentinels {
  const placeOf = async ({ url }: RedisServer) => {
    const address = (await ask(url, redis =>
      redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME),
    )) as string[]
    return servers.findIndex(server => new URL(server.url).port === address?.[1])
  }
  const master = async () => {
    const places = await Promise.all(sentinels.map(placeOf))
    return places.find((place, i) => places.indexOf(place) !== i) ?? -1
  }
  return {
    url: `redis+sentinel://${sentinels.map(({ url }) => new URL(url).host).join(',')}/${NAME}`,
    sentinels,
    servers,
    master,
    async ready(replicas) {
      await until('the master has its replicas', async () => {
        const present = servers[await master()]
        return present !== undefined && (await hasReplicas(present, replicas))
      })
      for (const { url } of sentinels) await until('the sentinels know all', () => knowsAll(url, replicas))
    },
    async stop() {
      await Promise.all([...servers, ...sentinels].map(server => server.stop()))
    },
  }
}

async function knowsAll(url: string, replicas: number): Promise<boolean> {
  const replies = await ask(url, async redis => [
    await redis.call('SENTINEL', 'CKQUORUM', NAME),
    await redis.call('SENTINEL', 'REPLICAS', NAME),
    await redis.call('SENTINEL', 'SENTINELS', NAME),
  ])
  if (!replies) return false
  const [, known, others] = replies as [string, unknown[], unknown[]]
  return known.length >= replicas && others.length === SENTINELS - 1
}

/** Undefined while it cannot be asked. */
async function ask(url: string, question: (redis: Redis) => Promise<unknown>): Promise<unknown> {
  const redis = new Redis(url, { retryStrategy: () => null, enableReadyCheck: false, connectTimeout: 500 })
  redis.on('error', () => undefined)
  try {
    return await question(redis)
  } catch {
    return undefined
  } finally {
    redis.disconnect()
  }
}
