import { Redis } from 'ioredis'
import type { Session } from '../../src/domain/session.ts'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { KINDS, type Kind, makePattern, SAID, STORE_OPTIONS, WAITING } from './kinds.ts'
import type { Pattern } from './pattern.ts'
import { readUsage, usedMemory, usedSince } from './redis-usage.ts'
import { sow } from './sow.ts'

/** Bytes of one of each in Redis. `tallyMicros`: what counting one waiting mailbox costs Redis, in µs. */
export type Sizes = {
  bytes: Record<'opened' | 'talked' | 'ended' | 'seenId' | 'waitingMessage' | 'deadLetter', number>
  keys: number
  tallyMicros: number
}

/** `url`: a Redis to be emptied. `copies` are written of each kind, and their mean is taken. */
export async function measureSizes(url: string, sample: Session, copies: number): Promise<Sizes> {
  const redis = new Redis(url)
  try {
    const bytes = {} as Record<Kind, number>
    const patterns = {} as Record<Kind, Pattern>
    let tallyMicros = Number.NaN
    for (const kind of KINDS) {
      patterns[kind] = await makePattern(url, kind, sample)
      bytes[kind] = await bytesOf(redis, url, patterns[kind], copies)
      if (kind === 'waiting') tallyMicros = (await costOfTally(redis, url)) / copies
    }
    return { bytes: splitUp(bytes), keys: patterns.talked.keys, tallyMicros }
  } finally {
    await redis.flushall()
    redis.disconnect()
  }
}

async function bytesOf(redis: Redis, url: string, pattern: Pattern, copies: number): Promise<number> {
  await redis.flushall()
  const before = await usedMemory(redis)
  await sow(url, pattern, copies)
  return ((await usedMemory(redis)) - before) / copies
}

/** A message and a dead letter are remembered by their ids, too; that is counted with the seen ids. */
function splitUp({ opened, talked, waiting, ended, dead }: Record<Kind, number>): Sizes['bytes'] {
  const seenId = (talked - opened) / (2 * SAID)
  return {
    opened,
    talked,
    ended,
    seenId,
    waitingMessage: (waiting - talked) / WAITING - seenId,
    deadLetter: dead - talked - seenId,
  }
}

async function costOfTally(redis: Redis, url: string): Promise<number> {
  const store = await openRedisStore(url, STORE_OPTIONS)
  try {
    await store.tally()
    const before = await readUsage([redis])
    await store.tally()
    return usedSince(before, await readUsage([redis])).cpuMicros
  } finally {
    await store.close()
  }
}
