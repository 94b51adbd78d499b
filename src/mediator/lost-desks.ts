import type { Logger } from 'pino'
import { asMediatorError } from '../domain/errors.ts'
import type { Store } from '../store/store.ts'

type Books = Pick<Store, 'tally' | 'liveSessions'>

/**
 * Says at the start which desks are configured no more although conversations are open there, or messages wait for them: their
 * table was renamed, or removed too early.
 */
export async function tellOfLostDesks(store: Books, configured: string[], log: Logger): Promise<void> {
  try {
    for (const [desk, waiting] of await findUsed(store)) {
      if (desk === '' || configured.includes(desk)) continue
      const sessions = (await store.liveSessions(desk)).length
      if (waiting + sessions > 0) log.error({ desk, sessions, waiting }, LOST)
    }
  } catch (error) {
    log.info({ reason: asMediatorError(error).message }, 'it is not known whether a desk is missing')
  }
}

const LOST =
  'this desk is not in live-agents.toml any more, and has open conversations: give its table that name again until they are over'

/** Every desk there ever was, and how much waits for it or from it. */
async function findUsed(store: Books): Promise<Map<string, number>> {
  const used = new Map<string, number>()
  for (const { desk, waiting } of await store.tally()) used.set(desk, (used.get(desk) ?? 0) + waiting)
  return used
}
