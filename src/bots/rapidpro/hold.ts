import { MediatorError } from '../../domain/errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Pacer } from '../../lib/pacer.ts'

/**
 * Stops everybody in one scope of RapidPro's rate limits once one call was throttled. It has no number of its own: the
 * limit is shared with every other user of the workspace and operators raise it, so only RapidPro's answer tells.
 */
export function createHold(clock: Clock): Pacer {
  let heldUntil = 0
  const check = (account: string, route: string): void => {
    if (clock.now() >= heldUntil) return
    throw new MediatorError('THROTTLED', `${account} has asked to wait with ${route}`, { retryAt: heldUntil })
  }
  return {
    check,
    take: check,
    giveBack: () => undefined,
    block(until) {
      heldUntil = Math.max(heldUntil, until)
    },
  }
}
