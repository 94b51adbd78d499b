import type { Redis } from 'ioredis'

/** What Redis has done since it was started. */
export type RedisUsage = {
  cpuMicros: number
  bytesIn: number
  bytesOut: number
  /** Calls by command; those inside of scripts count, too. */
  calls: Map<string, number>
}

/** Of all nodes together. */
export async function readUsage(nodes: Redis[]): Promise<RedisUsage> {
  const all = await Promise.all(nodes.map(readNode))
  const sum = (key: 'cpuMicros' | 'bytesIn' | 'bytesOut') => all.reduce((total, one) => total + one[key], 0)
  const calls = new Map<string, number>()
  for (const one of all) for (const [name, n] of one.calls) calls.set(name, (calls.get(name) ?? 0) + n)
  return { cpuMicros: sum('cpuMicros'), bytesIn: sum('bytesIn'), bytesOut: sum('bytesOut'), calls }
}

async function readNode(redis: Redis): Promise<RedisUsage> {
  const text = await redis.info('everything')
  return {
    cpuMicros: 1e6 * (numberOf(text, 'used_cpu_user') + numberOf(text, 'used_cpu_sys')),
    bytesIn: numberOf(text, 'total_net_input_bytes'),
    bytesOut: numberOf(text, 'total_net_output_bytes'),
    calls: new Map(
      [...text.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)].map(([, name = '', n]) => [name, Number(n)]),
    ),
  }
}

export function usedSince(before: RedisUsage, after: RedisUsage): RedisUsage {
  const since = (key: 'cpuMicros' | 'bytesIn' | 'bytesOut') => after[key] - before[key]
  const calls = [...after.calls].map(([name, n]) => [name, n - (before.calls.get(name) ?? 0)] as const)
  return {
    cpuMicros: since('cpuMicros'),
    bytesIn: since('bytesIn'),
    bytesOut: since('bytesOut'),
    calls: new Map(calls.filter(([, n]) => n > 0)),
  }
}

/** Bytes that hold data; what the allocator keeps beside them is not counted. */
export async function usedMemory(redis: Redis): Promise<number> {
  return numberOf(await redis.info('memory'), 'used_memory')
}

export async function residentMemory(redis: Redis): Promise<number> {
  return numberOf(await redis.info('memory'), 'used_memory_rss')
}

export async function serverVersion(redis: Redis): Promise<string> {
  return /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? 'unknown'
}

function numberOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1])
}
