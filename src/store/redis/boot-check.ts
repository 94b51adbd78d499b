import type { Redis } from 'ioredis'

/** The server may refuse writes when full, but must never throw a key away: that would lose what we answered 2xx for. */
const SAFE_POLICY = 'noeviction'

/** Throws when the server is allowed to evict; warns when a crash of it could lose acknowledged messages. */
export async function checkServer(redis: Redis, onWarning: (text: string) => void): Promise<void> {
  const [policy, appendonly] = await Promise.all([
    setting(redis, 'maxmemory-policy'),
    setting(redis, 'appendonly'),
  ])
  if (policy === undefined)
    return onWarning(
      'Redis does not let us read its settings; make sure maxmemory-policy is noeviction and appendonly is yes.',
    )
  if (policy !== SAFE_POLICY) {
    throw new Error(
      `REDIS_URL: this Redis may evict keys (maxmemory-policy is "${policy}"), which would lose messages. Set maxmemory-policy to noeviction, or use a Redis of its own.`,
    )
  }
  if (appendonly !== 'yes')
    onWarning(
      'Redis runs without its append-only file: messages not delivered yet are lost when it crashes. Set appendonly yes.',
    )
}

/** Managed services often forbid CONFIG; then there is nothing to read. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const reply = (await redis.config('GET', name)) as string[]
    return reply[1]
  } catch (error) {
    if (error instanceof Error && /unknown command|NOPERM|ERR/.test(error.message)) return undefined
    throw error
  }
}
