import { Redis } from 'ioredis'
import { findFreePort } from './free-port.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { until } from './until.ts'

/** A real cluster of masters on 127.0.0.1, each with a third of the slots (for three of them). */
export type RedisCluster = {
  url: string
  nodes: RedisServer[]
  /** Where a key lives now, by the place in `nodes`. */
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

export async function startCluster(size = 3): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: size }, startNode))
  const admins = nodes.map(({ url }) => new Redis(url))
  for (const admin of admins) admin.on('error', () => undefined)
  const cluster = manage(nodes, admins)
  try {
    await join(nodes, admins)
    await cluster.ready()
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function startNode(): Promise<RedisServer> {
  const bus = String(await findFreePort())
  const settings = { enabled: 'yes', 'node-timeout': String(NODE_TIMEOUT_MS), port: bus }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--cluster-${name}`, value])
  return startRedis({ appendonly: true, args })
}

/** The first shares out the slots, and introduces all to each other. */
async function join(nodes: RedisServer[], admins: Redis[]): Promise<void> {
  const [first] = admins as [Redis]
  const share = Math.ceil(SLOTS / nodes.length)
  for (const [i, admin] of admins.entries()) {
    await admin.cluster('SET-CONFIG-EPOCH', i + 1)
    await admin.cluster('ADDSLOTSRANGE', i * share, Math.min((i + 1) * share, SLOTS) - 1)
  }
  for (const [i, { url }] of nodes.entries()) {
    const bus = await admins[i]?.config('GET', 'cluster-port')
    const { hostname, port } = new URL(url)
    if (i > 0) await first.call('CLUSTER', 'MEET', hostname, port, String((bus as string[])[1]))
  }
}

function manage(nodes: RedisServer[], admins: Redis[]): RedisCluster {
  const admin = (i: number) => admins[i] as Redis
  const idOf = (i: number) => admin(i).cluster('MYID') as Promise<string>
  const nodeOf = async (key: string) => {
    const slot = await admin(0).cluster('KEYSLOT', key)
    const ranges = await admin(0).cluster('SLOTS')
    const [, , holder] = ranges.find(([from, to]) => slot >= from && slot <= to) ?? []
    return nodes.findIndex(({ url }) => new URL(url).port === String(holder?.[1]))
  }
  return {
    url: `redis+cluster://${nodes.map(({ url }) => new URL(url).host).join(',')}`,
    nodes,
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
      for (const one of admins) await until('the cluster is ready', () => isReady(one, nodes.length))
    },
    async stop() {
      for (const one of admins) one.disconnect()
      await Promise.all(nodes.map(node => node.stop()))
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
