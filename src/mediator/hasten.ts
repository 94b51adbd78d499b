import type { Logger } from 'pino'
import { asMediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

type Kit = { store: Pick<Store, 'hasten'>; clock: Clock; log: Logger; bot: string }

/** An account that comes and goes must not have everything tried at each coming, in ms. */
const SELDOM_MS = 30_000

/**
 * Who has waited longest is not to wait on when the other side is back, or somebody has mended the settings and started us: what
 * was put off for that account is due at once.
 */
export function createHasten({ store, clock, log, bot }: Kit): (account: string) => void {
  const last = new Map<string, number>()
  return account => {
    const now = clock.now()
    if (now - (last.get(account) ?? Number.NEGATIVE_INFINITY) < SELDOM_MS) return
    last.set(account, now)
    log.info({ account }, 'what waits for it is tried now')
    const hastened =
      account === bot ? store.hasten('to_client', undefined, now) : store.hasten('to_agent', account, now)
    hastened.catch(error => {
      last.delete(account)
      log.info({ account, reason: asMediatorError(error).message }, 'what waits could not be hastened')
    })
  }
}
