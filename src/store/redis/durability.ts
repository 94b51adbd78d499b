import { Redis } from 'ioredis'
import { type Client, nodeOf } from './client.ts'
import type { Scripts } from './scripts.ts'

/** How long replicas may take to confirm a write, in ms. */
const CONFIRM_MS = 1_000

/** Scripts whose loss does no harm: they only read, or give back what runs out by itself. */
const UNGUARDED = ['tally', 'fate', 'holds-message', 'forget', 'release-link', 'upgrade']

/** Does a step that writes under `key`; resolves when enough replicas have what it wrote. */
export type Keep = <T>(key: string, step: () => Promise<T>) => Promise<T>

/** `connection` is another one after every cut. */
type Line = { node: Redis; connection: unknown }

/**
 * A master answers before its replicas have what it was told, and they may be asked to take its place at any moment. So every
 * write is waited for (WAIT), once for all that were answered in the same turn of the event loop. A step that was
 * cut in between, or sent to another node, is not known to be kept: it rejects, and is safe to repeat.
 */
export function createKeep(client: Client, replicas: number): Keep {
  if (replicas === 0) return (_key, step) => step()
  const confirm = createConfirm(replicas)
  return async (key, step) => {
    const before = lineTo(client, key) ?? (await findLine(client, key))
    const result = await step()
    if (!before || !isSame(before, lineTo(client, key))) throw lost('the connection was lost')
    const confirmed = await confirm(before.node)
    if (!isSame(before, lineTo(client, key))) throw lost('the connection was lost')
    if (confirmed < replicas) throw lost(`${confirmed} of ${replicas} have confirmed it in ${CONFIRM_MS} ms`)
    return result
  }
}

/** All scripts of the store that write, each kept. */
export function keepWrites(scripts: Scripts, keep: Keep): Scripts {
  const kept = Object.entries(scripts).map(([name, script]) => [
    name,
    UNGUARDED.includes(name)
      ? script
      : (...[key, ...rest]: Parameters<typeof script>) => keep(key, () => script(key, ...rest)),
  ])
  return Object.fromEntries(kept) as Scripts
}

function lost(why: string): Error {
  return new Error(`a write may be lost at a failover, its replicas do not have it for sure: ${why}`)
}

function createConfirm(replicas: number): (node: Redis) => Promise<number> {
  const next = new WeakMap<Redis, Promise<number>>()
  return node => {
    const shared = next.get(node) ?? confirmSoon(node)
    next.set(node, shared)
    return shared
  }

  /** What is answered until then is confirmed with it. */
  async function confirmSoon(node: Redis): Promise<number> {
    await new Promise(resolve => setImmediate(resolve))
    next.delete(node)
    return node.wait(replicas, CONFIRM_MS)
  }
}

function lineTo(client: Client, key: string): Line | undefined {
  const node = nodeOf(client, key)
  // A cluster makes a new node for each connection.
  return node && { node, connection: client instanceof Redis ? node.stream : node }
}

/**
 * Whoever reads a key is led to the node that has it. Otherwise the write would be: done, refused because nobody knew where
 * it went, and its mailbox held until the lease runs out.
 */
async function findLine(client: Client, key: string): Promise<Line | undefined> {
  await client.exists(key)
  return lineTo(client, key)
}

function isSame(one: Line, other: Line | undefined): boolean {
  return one.connection === other?.connection
}
