import { MediatorError } from '../../domain/errors.ts'
import { type RedisAddress, readRedisAddress } from '../../lib/redis-address.ts'
import type { StoreOptions } from '../store.ts'
import { A_SENTINEL } from './boot-check.ts'
import { type Client, createClient, isRefusedDatabase } from './client.ts'
import { createKeep, type Keep, keepWrites } from './durability.ts'
import { createEars, type Ears } from './ears.ts'
import { type Keys, keysUnder } from './keys.ts'
import { createListener, isStray } from './listener.ts'
import { defineScripts, type Scripts } from './scripts.ts'
import { watchSentinels } from './sentinels.ts'
import { checkTls, TlsMistake, tlsPlaces } from './tls.ts'

export type Connection = {
  address: RedisAddress
  redis: Client
  keys: Keys
  scripts: Scripts
  keep: Keep
  ears: Ears
  close(): void
}

/** How long the first connection may take, in ms. */
const OPEN_MS = 10_000

/** One connection for all but what is heard from others; to a cluster, one for each of its nodes. */
export function connect(url: string, prefix: string, options: StoreOptions): Connection {
  const address = readRedisAddress(url)
  const redis = createClient(address)
  const listener = createListener(redis, address)
  const ears = createEars(listener, () => isStray(listener, redis))
  const keep = createKeep(redis, address.replicas)
  const scripts = keepWrites(defineScripts(redis, options), keep)
  const ignore = watchSentinels(address, [redis, listener])
  const close = () => {
    ignore()
    ears.close()
    redis.disconnect()
  }
  return { address, redis, keys: keysUnder(prefix), scripts, keep, ears, close }
}

/** Connects for the first time. Throws with the reason, and what to mend. */
export async function open({ redis, address }: Connection): Promise<void> {
  let reason: Error | undefined
  // The rejection says only that the connection is closed.
  redis.on('error', error => (reason ??= reasonOf(error)))
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('it is not ready')), OPEN_MS)
  try {
    await Promise.race([begin(redis, address), late])
  } catch (cause) {
    const why = reason ?? reasonOf(cause)
    const text =
      (cause instanceof TlsMistake ? cause.message : mistakeIn(address, why)) ??
      `Redis cannot be used (${why.message}); start it, or mend the address, user or password`
    throw new MediatorError('STORE_UNAVAILABLE', `REDIS_URL: ${text}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** Is there, too, when a second try has made it: of a node that is away while a cluster is asked for its state ioredis says nothing. */
async function begin(redis: Client, address: RedisAddress): Promise<void> {
  await checkTls(tlsPlaces(address))
  await Promise.race([redis.connect(), new Promise(ready => redis.once('ready', ready))])
}

/** What to write instead, where Redis answers and REDIS_URL is wrong. */
function mistakeIn(address: RedisAddress, why: Error): string | undefined {
  const master = address.kind === 'sentinel' ? address.master : ''
  const texts: [boolean, string][] = [
    [/unknown command .?select/i.test(why.message), A_SENTINEL],
    [
      isRefusedDatabase(why),
      `Redis does not let us use the database behind the host (${why.message}); write the number of one it has, as a rule 0 to 15 (its setting "databases"), that the user may use`,
    ],
    [
      /No such master/.test(why.message),
      `the sentinels know no master "${master}"; write the name they know it by behind their hosts (SENTINEL MASTERS lists them)`,
    ],
    [
      /unknown command .?sentinel/i.test(why.message),
      'where a sentinel should be there is plain Redis; name the sentinels (as a rule on port 26379), or write redis://user:password@host:port/0 for this one alone',
    ],
  ]
  return texts.find(([isSo]) => isSo)?.[1]
}

/** A cluster says that all nodes failed, and beside it how the last one did. */
function reasonOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return 'lastNodeError' in error && error.lastNodeError instanceof Error ? error.lastNodeError : error
}

/** Runs one step of the store; whatever Redis or the way to it does wrong is STORE_UNAVAILABLE. */
export function reach<T>(step: Promise<T>): Promise<T> {
  return step.catch(unavailable)
}

/** Which of our scripts it was, behind what Redis says: " script: <hash>, on @user_script:<line>." */
const SCRIPT = /,? script: .*$/s

function unavailable(cause: unknown): never {
  const why = (cause instanceof Error ? cause.message : String(cause)).replace(SCRIPT, '')
  throw new MediatorError('STORE_UNAVAILABLE', `the store (Redis) cannot be reached: ${why}`, { cause })
}
