import { Redis } from 'ioredis'
import { findFreePort } from './free-port.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { until } from './until.ts'

/** A real cluster of masters on 127.0.0.1, each with a third of the slots (for three of them), and their replicas if any. */
export type RedisCluster = {
  url: string
  nodes: RedisServer[]
  /** One of each, in the same order; none unless they were asked for. */
  replicas: RedisServer[]
  /** Where a key lives now, by the place in `nodes`, or behind those in `replicas`; the first node must be there to say it. */
  nodeOf(key: string): Promise<number>
  /** Moves the slot of `key`, with all keys in it, while it is used. `midway` is done when it is on its way, key by key. */
  move(key: string, to: number, midway?: () => Promise<void>): Promise<void>
  /** Resolves when every node takes commands. */
  ready(): Promise<void>
  stop(): Promise<void>
}

const SLOTS = 16_384
/** A node that is away as long (in ms) is given up by the others. */
const NODE_TIMEOUT_MS = 2_000
/** Replicas are fed at once, not after five seconds. */
const FAST = ['--repl-diskless-sync-delay', '0']

export type ClusterOptions = {
  replicated?: boolean
  /** More arguments of each redis-server. */
  args?: () => Promise<string[]>
}

export async function startCluster(size = 3, options: ClusterOptions = {}): Promise<RedisCluster> {
  const length = options.replicated ? 2 * size : size
  const all = await Promise.all(Array.from({ length }, () => startNode(options.args)))
  const admins = all.map(({ url }) => new Redis(url))
  for (const admin of admins) admin.on('error', () => undefined)
  const cluster = manage(all.slice(0, size), all.slice(size), admins)
  try {
    await shareOut(admins.slice(0, size))
    await introduce(all, admins)
    await cluster.ready()
    await follow(admins.slice(0, size), admins.slice(size))
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function startNode(more: () => Promise<string[]> = async () => []): Promise<RedisServer> {
  const bus = String(await findFreePort())
  const settings = { enabled: 'yes', 'node-timeout': String(NODE_TIMEOUT_MS), port: bus }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--cluster-${name}`, value])
  return startRedis({ appendonly: true, args: [...args, ...FAST, ...(await more())] })
}

async function shareOut(masters: Redis[]): Promise<void> {
  const share = Math.ceil(SLOTS / masters.length)
  for (const [i, admin] of masters.entries()) {
    await admin.cluster('SET-CONFIG-EPOCH', i + 1)
    await admin.cluster('ADDSLOTSRANGE', i * share, Math.min((i + 1) * share, SLOTS) - 1)
  }
}

/** The first introduces all to each other. */
async function introduce(nodes: RedisServer[], admins: Redis[]): Promise<void> {
  const [first] = admins as [Redis]
  for (const [i, { url }] of nodes.entries()) {
    const bus = await admins[i]?.config('GET', 'cluster-port')
    const { hostname, port } = new URL(url)
    if (i > 0) await first.call('CLUSTER', 'MEET', hostname, port, String((bus as string[])[1]))
  }
}

/** Each replica follows the master in its place, and has all it has. */
async function follow(masters: Redis[], replicas: Redis[]): Promise<void> {
  for (const [i, replica] of replicas.entries()) {
    await replica.cluster('REPLICATE', (await masters[i]?.cluster('MYID')) as string)
  }
  for (const master of masters.slice(0, replicas.length)) {
    await until('it has its replica', async () => (await master.info('replication')).includes('state=online'))
  }
}

function manage(nodes: RedisServer[], replicas: RedisServer[], admins: Redis[]): RedisCluster {
  const admin = (i: number) => admins[i] as Redis
  const idOf = (i: number) => admin(i).cluster('MYID') as Promise<string>
  const nodeOf = async (key: string) => {
    const slot = await admin(0).cluster('KEYSLOT', key)
    const ranges = await admin(0).cluster('SLOTS')
    const [, , holder] = ranges.find(([from, to]) => slot >= from && slot <= to) ?? []
    return [...nodes, ...replicas].findIndex(({ url }) => new URL(url).port === String(holder?.[1]))
  }
  return {
    url: `redis+cluster://${nodes.map(({ url }) => new URL(url).host).join(',')}`,
    nodes,
    replicas,
    nodeOf,
    async move(key, to, midway) {
      const from = await nodeOf(key)
      const slot = await admin(0).cluster('KEYSLOT', key)
      await admin(to).cluster('SETSLOT', slot, 'IMPORTING', await idOf(from))
      await admin(from).cluster('SETSLOT', slot, 'MIGRATING', await idOf(to))
      await midway?.()
      await carry(admin(from), slot, nodes[to] as RedisServer, midway)
      const id = await idOf(to)
      for (const i of [to, from, ...nodes.keys()]) await admin(i).cluster('SETSLOT', slot, 'NODE', id)
    },
    async ready() {
      for (const one of admins) await until('the cluster is ready', () => isReady(one, admins.length))
    },
    async stop() {
      for (const one of admins) one.disconnect()
      await Promise.all([...nodes, ...replicas].map(node => node.stop()))
    },
  }
}

async function carry(
  from: Redis,
  slot: number,
  { url }: RedisServer,
  midway?: () => Promise<void>,
): Promise<void> {
  const { hostname, port } = new URL(url)
  for (;;) {
    const keys = (await from.cluster('GETKEYSINSLOT', slot, midway ? 1 : 100)) as string[]
    if (keys.length === 0) return
    await from.call('MIGRATE', hostname, port, '', 0, 5_000, 'KEYS', ...keys)
    await midway?.()
  }
}

async function isReady(admin: Redis, size: number): Promise<boolean> {
  const info = String(await admin.cluster('INFO').catch(() => ''))
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}\r`)
}
