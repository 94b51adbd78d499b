import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { canariesIn } from './privacy-canaries.ts'

/** Looks for canaries in everything a store has. */
export type StoreScan = { find(): Promise<string[]>; close(): void }

/** The files as they lie on the disk, log and all, used or not. */
export function scanFiles(dataDir: string): StoreScan {
  return {
    async find() {
      const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
      const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
      return canariesIn(`${files.map(({ name }) => name)} ${texts.join(' ')}`)
    },
    close: () => undefined,
  }
}

type Read = (redis: Redis, key: string) => Promise<unknown>

const READ: Record<string, Read> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1'),
  stream: (redis, key) => redis.xrange(key, '-', '+'),
  // Expired between being found and being looked at.
  none: async () => '',
}

/** Every key there is, and what is in it. */
export function scanRedis(url: string): StoreScan {
  const redis = new Redis(url)
  return {
    async find() {
      const found: unknown[] = []
      for await (const keys of redis.scanStream({ count: 1_000 })) {
        for (const key of keys as string[]) found.push(key, await readKey(redis, key))
      }
      return canariesIn(JSON.stringify(found))
    },
    close: () => redis.disconnect(),
  }
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key)
  const read = READ[type]
  if (!read) throw new Error(`nobody knows how to read a ${type}`)
  return read(redis, key)
}
