import { expect, it } from 'vitest'
import { createClock } from '../../src/lib/clock.ts'

const HOUR = 3_600_000

it('goes by what it is set to from then on, forwards and backwards', () => {
  const clock = createClock()
  for (const off of [HOUR, -HOUR]) {
    const time = Date.now() + off
    clock.set(time, performance.now() - 5_000)
    expect(clock.now() - time).toBeGreaterThanOrEqual(5_000)
    expect(clock.now() - time).toBeLessThan(HOUR / 2)
  }
})

it('lets pass what a slow answer may be wrong by', () => {
  const clock = createClock()
  const before = clock.now()
  clock.set(before - 200, performance.now())
  expect(clock.now()).toBeGreaterThanOrEqual(before)
})
