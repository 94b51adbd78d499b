import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startMemoryDepot } from './memory-depot.ts'
import { anyHappening, type Mouth } from './recipient-happenings.ts'
import { live } from './recipient-life.ts'
import { speakRocketChat } from './rocketchat-mouth.ts'
import { type Depot, startDepot } from './stores.ts'

const IN_A_RUN = 1000
const happenings = fc.array(anyHappening, { minLength: IN_A_RUN, maxLength: IN_A_RUN, size: 'max' })
const asItIs: Mouth = event => [event]

/** 100,000 happenings in all. */
const CASES = [
  { store: 'sqlite', how: 'events of any desk', mouth: asItIs, runs: 60 },
  { store: 'sqlite', how: 'bodies of Rocket.Chat', mouth: speakRocketChat, runs: 30 },
  { store: 'redis', how: 'events of any desk', mouth: asItIs, runs: 10 },
] as const

/** Swapped hints, ids that serve again, merged contacts, late events, equal ids at two desks, names every object has. */
describe.each(CASES)('$how that are mixed up, on $store', ({ store: kind, mouth, runs }) => {
  let depot: Depot
  beforeAll(async () => {
    depot = await (kind === 'redis' ? startDepot(kind) : startMemoryDepot())
  })
  afterEach(() => vi.useRealTimers())
  afterAll(() => depot.stop())

  it('never reach another client, nor the client’s words another’s agent', { timeout: 180_000 }, async () => {
    const property = fc.asyncProperty(happenings, async given => {
      const store = await depot.open()
      try {
        expect(await live(store, given, mouth)).toEqual([])
      } finally {
        await store.close()
      }
    })
    await expect(fc.assert(property, { numRuns: runs, endOnFailure: true })).resolves.toBeUndefined()
  })
})
