import type { Clock } from '../../lib/clock.ts'
import { createPacer, type Pacer } from '../../lib/pacer.ts'
import type { Settings } from './settings.ts'

/** The pacer of one route and method: the server counts each pair by itself, over all visitors behind one address. */
export type Limits = (method: string, route: string) => Pacer | undefined

/** The server's minute, and a second: it counts a call when it arrives, which the way there delays now more, now less. */
const WINDOW_MS = 61_000
/** API_Enable_Rate_Limiter_Limit_Calls_Default. */
const DEFAULT_CALLS = 10
/** Hard-wired since 6.12, whatever the default is set to (RocketChat/Rocket.Chat #33136). */
const OWN_CALLS: ReadonlyMap<string, number> = new Map([
  ['POST livechat/visitor', 5],
  ['GET livechat/room', 5],
])

export function createLimits(kind: Settings['rate_limits'], clock: Clock): Limits {
  if (kind === 'off') return () => undefined
  const pacers = new Map<string, Pacer>()
  return (method, route) => {
    const key = `${method} ${route}`
    const pacer = pacers.get(key) ?? createPacer(OWN_CALLS.get(key) ?? DEFAULT_CALLS, WINDOW_MS, clock)
    pacers.set(key, pacer)
    return pacer
  }
}

/**
 * Pacers for two calls of which the first is worth nothing without the second: the first call takes both places or none,
 * the second takes no more.
 */
export function payTogether(
  first: Pacer | undefined,
  second: Pacer | undefined,
): { first?: Pacer; second?: Pacer } {
  if (!first || !second) return { first, second }
  const take: Pacer['take'] = (account, route) => {
    second.check(account, route)
    first.take(account, route)
    second.take(account, route)
  }
  const giveBack = (): void => {
    first.giveBack()
    second.giveBack()
  }
  return {
    first: { ...first, take, giveBack },
    second: { ...second, take: () => undefined, giveBack: () => undefined },
  }
}

/** Of a minute's calls that others make as well, so many are left to them. */
const LEFT_TO_OTHERS = 4

/** A pacer for calls that can wait, of a route that others need, too: they never find its last places taken by these. */
export function yielding(shared: Pacer | undefined, clock: Clock): Pacer | undefined {
  if (!shared) return undefined
  const own = createPacer(DEFAULT_CALLS - LEFT_TO_OTHERS, WINDOW_MS, clock)
  return {
    ...shared,
    take(account, route) {
      own.check(account, route)
      shared.take(account, route)
      own.take(account, route)
    },
    giveBack() {
      own.giveBack()
      shared.giveBack()
    },
  }
}
