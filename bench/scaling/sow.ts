import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { newSessionId } from '../../src/store/redis/keys.ts'
import type { Identity, Pattern } from './pattern.ts'

const LUA = readFileSync(new URL('./sow.lua', import.meta.url), 'utf8')
/** Copies in one script; a few of these are under way at a time. */
const BATCH = 500
const AT_ONCE = 4
/** The copies' times are spread over this long, in ms. */
const SPREAD_MS = 86_400_000

/** Writes that many copies of a session into Redis, each with ids of its own. Gives one of the last. */
export async function sow(
  url: string,
  pattern: Pattern,
  sessions: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Identity> {
  const redis = new Redis(url)
  const json = JSON.stringify(pattern.commands)
  let last = newIdentity()
  try {
    for (let done = 0; done < sessions; ) {
      const sizes = Array.from({ length: AT_ONCE }, (_, i) => Math.min(BATCH, sessions - done - i * BATCH))
      const batches = sizes.filter(size => size > 0).map(size => Array.from({ length: size }, newIdentity))
      await Promise.all(batches.map(batch => sowBatch(redis, json, batch)))
      done += batches.flat().length
      last = batches.at(-1)?.at(-1) ?? last
      onProgress(done)
    }
  } finally {
    redis.disconnect()
  }
  return last
}

function sowBatch(redis: Redis, json: string, batch: Identity[]): Promise<unknown> {
  const names = batch.flatMap(({ session, userid, conversation }) => [session, userid, conversation])
  return redis.eval(LUA, 0, json, Math.floor(Math.random() * SPREAD_MS), ...names)
}

/** As long as the real ones: a contact's uuid, and a room of Rocket.Chat. */
function newIdentity(): Identity {
  const userid = randomUUID()
  return { session: newSessionId(userid), userid, conversation: randomBytes(9).toString('hex').slice(0, 17) }
}
