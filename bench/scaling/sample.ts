import { join } from 'node:path'
import type { Session } from '../../src/domain/session.ts'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { configOf, launchService } from '../service.ts'
import type { Stage } from '../stage.ts'
import { openTalks } from '../talks.ts'
import { STORE_OPTIONS } from './kinds.ts'

/** A session as the real service makes it, of a client of its own, at the desk's and the bot's simulators. */
export async function takeSample({ other, dir }: Stage, redisUrl: string): Promise<Session> {
  const setup = { dir: join(dir, 'sample'), config: configOf(other), redisUrl }
  const { url, process } = await launchService(setup)
  const store = await openRedisStore(redisUrl, STORE_OPTIONS)
  try {
    const [talk] = await openTalks(other, url, 1)
    const found = await store.findByClient(talk?.userid ?? '')
    if (!found?.session.conversation) throw new Error('the service has opened no conversation to copy')
    return found.session
  } finally {
    await store.close()
    await process.stop()
  }
}
