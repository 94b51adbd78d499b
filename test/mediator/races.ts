import { vi } from 'vitest'
import { startMemoryDepot } from './memory-depot.ts'
import { audit } from './race-books.ts'
import { run } from './race-run.ts'
import { byClock, type Plan } from './race-words.ts'
import type { Depot } from './stores.ts'

/** Where plans are lived through; says what was wrong with them. */
export type Races = { complaintsOf(plans: Plan[]): Promise<string[]>; stop(): Promise<void> }

const MOST_IN_ONE_STORE = 400
const SHOWN_OF_A_KIND = 6

export async function openRaces(): Promise<Races> {
  const depot = await startMemoryDepot()
  return {
    async complaintsOf(plans) {
      const complaints: string[] = []
      for (const group of byClock(plans, MOST_IN_ONE_STORE))
        complaints.push(...(await liveThrough(depot, group)))
      return someOfEach(complaints)
    },
    stop: () => depot.stop(),
  }
}

/** Those that share a clock live side by side in one store. */
async function liveThrough(depot: Depot, group: Plan[]): Promise<string[]> {
  const store = await depot.open()
  try {
    return await audit(store, await run(store, group))
  } finally {
    vi.useRealTimers()
    await store.close()
  }
}

/** Of thousands a few of each kind say as much. */
function someOfEach(complaints: string[]): string[] {
  const kinds = Map.groupBy(complaints, complaint => complaint.split(': ')[1])
  return [...kinds.values()].flatMap(kind => [
    `${kind.length} like these:`,
    ...kind.slice(0, SHOWN_OF_A_KIND),
  ])
}
