import type { Period } from './judge/excuses.ts'
import { type Balance, breaches, readBalances } from './judge/law.ts'
import type { Random } from './random.ts'
import { pause } from './world/wait.ts'
import type { StoreSide, World } from './world/world.ts'

/** The law of conservation, looked at while everything goes wrong. */
export type LawWatch = {
  /** How often the metrics were read. */
  scrapes: number
  breaches: string[]
  /** Metrics that were asked for while nothing was wrong with the store, and had no balance in them. */
  missing: number
  /** The first scrape that had one, and the last. */
  first: Balance[]
  last: Balance[]
  /** One more look, now. */
  look(): Promise<Balance[]>
  stop(): Promise<void>
}

const EVERY_MS = 1_000
const PATIENCE_MS = 5_000

export function watchLaw<Store extends StoreSide>(world: World<Store>, random: Random): LawWatch {
  let isStopped = false
  const watch: LawWatch = { scrapes: 0, breaches: [], missing: 0, first: [], last: [], look, stop }
  const going = goOn()
  return watch

  async function goOn(): Promise<void> {
    while (!isStopped) {
      await look().catch(() => undefined)
      await pause(EVERY_MS)
    }
  }

  async function look(): Promise<Balance[]> {
    const awake = world.replicas.filter(replica => replica.awake)
    if (awake.length === 0) return []
    const { url, troubles } = random.pick(awake)
    const from = Date.now()
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const balances = readBalances(await response.text())
    if (balances.length > 0) note(balances)
    else if (
      ![...world.store.troubles, ...(world.store.shaky ?? []), ...troubles].some(one => isMet(one, from))
    )
      watch.missing += 1
    watch.breaches.push(...breaches(balances))
    return balances
  }

  function note(balances: Balance[]): void {
    watch.scrapes += 1
    if (watch.first.length === 0) watch.first = balances
    watch.last = balances
  }

  async function stop(): Promise<void> {
    isStopped = true
    await going
  }
}

/** Who has just woken up, or whose store has just come back, may not have its connection yet. */
function isMet({ to = Number.POSITIVE_INFINITY }: Period, from: number): boolean {
  return to >= from - PATIENCE_MS
}
