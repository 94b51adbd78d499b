import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { OpenedStore } from './fixtures.ts'
import { anyStep, type Step } from './steps.ts'
import { deliverAll, startWalk, take } from './walk.ts'

const steps = fc.array(anyStep, { minLength: 10, maxLength: 100, size: 'max' })

/** Random lives of a store, with lost answers, late and rival workers; some end in a crash. */
export function describeLives(open: () => Promise<OpenedStore>, lives: number): void {
  it('answers like the model, and loses, doubles or disorders nothing', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(steps, fc.boolean(), (life, crashes) => live(open, life, crashes))
    await expect(fc.assert(property, { numRuns: lives, endOnFailure: true })).resolves.toBeUndefined()
  })
}

async function live(open: () => Promise<OpenedStore>, life: Step[], crashes: boolean): Promise<void> {
  const opened = await open()
  try {
    const walk = startWalk(opened.store)
    for (const step of life) await take(walk, step)
    await deliverAll(walk, crashes ? await opened.crash() : opened.store)
  } finally {
    await opened.cleanup()
  }
}
