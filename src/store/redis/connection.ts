import { Redis } from 'ioredis'
import { MediatorError } from '../../domain/errors.ts'
import type { StoreOptions } from '../store.ts'
import { createEars, type Ears } from './ears.ts'
import { type Keys, keysUnder } from './keys.ts'
import { defineScripts, type Scripts } from './scripts.ts'

export type Connection = { redis: Redis; keys: Keys; scripts: Scripts; ears: Ears }

/** How long Redis may say nothing while it owes an answer, in ms: well below every caller's budget. */
const ANSWER_TIMEOUT_MS = 2_000

/**
 * One connection for all but what is heard from others, commands pipelined by the event loop turn. While it is down commands fail at once instead of piling up:
 * whoever sent us the message then keeps it.
 */
export function connect(url: string, prefix: string, options: StoreOptions): Connection {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: ANSWER_TIMEOUT_MS,
    connectTimeout: 3_000,
    retryStrategy: attempt => Math.min(100 * attempt, 1_000),
  })
  // Without a listener ioredis prints every failed reconnect; each failed command says the same to its caller.
  redis.on('error', () => undefined)
  const scripts = defineScripts(redis, options)
  return { redis, keys: keysUnder(prefix), scripts, ears: createEars(redis) }
}

/** Connects for the first time. Throws with the reason, and what to mend. */
export async function open({ redis }: Connection): Promise<void> {
  let reason: Error | undefined
  // The rejection says only that the connection is closed.
  redis.on('error', error => (reason ??= error))
  try {
    await redis.connect()
  } catch (cause) {
    const why = reason ?? (cause instanceof Error ? cause : new Error(String(cause)))
    const text = `REDIS_URL: Redis cannot be used (${why.message}); start it, or mend the address, user or password`
    throw new MediatorError('STORE_UNAVAILABLE', text, { cause })
  }
}

/** Runs one step of the store; whatever Redis or the way to it does wrong is STORE_UNAVAILABLE. */
export function reach<T>(step: Promise<T>): Promise<T> {
  return step.catch(unavailable)
}

function unavailable(cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause)
  throw new MediatorError('STORE_UNAVAILABLE', `the store (Redis) cannot be reached: ${why}`, { cause })
}
