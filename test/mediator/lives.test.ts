import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Fate } from '../support/fake-sides.ts'
import { STORES } from '../support/world.ts'
import { balance } from './books.ts'
import { startLife } from './life.ts'
import { anyFates, anyStep, CLIENTS, type Step } from './life-steps.ts'
import { type Depot, startDepot } from './stores.ts'

const RUNS = { sqlite: 100, redis: 10 }
const steps = fc.array(anyStep, { minLength: 15, maxLength: 60, size: 'max' })

/** Three replicas, answers that get lost, sides that fail, and processes that are gone between any two steps. */
describe.each(STORES)('any life on %s', kind => {
  let depot: Depot
  beforeAll(async () => {
    depot = await startDepot(kind)
  })
  afterEach(() => vi.useRealTimers())
  afterAll(() => depot.stop())

  it('loses nothing, disorders nothing, and doubles nothing without need', { timeout: 180_000 }, async () => {
    const property = fc.asyncProperty(steps, anyFates, live)
    await expect(fc.assert(property, { numRuns: RUNS[kind] })).resolves.toBeUndefined()
  })

  async function live(taken: Step[], fates: Fate[]): Promise<void> {
    const store = await depot.open()
    const life = startLife(store, fates)
    try {
      for (const client of CLIENTS) await life.take({ kind: 'register', client, replica: 0 })
      for (const step of taken) await life.take(step)
      await life.calmDown()
      await balance(life)
    } finally {
      vi.useRealTimers()
      await store.close()
    }
  }
})
