import { describe, expect, it } from 'vitest'
import { createBreaker } from '../../src/lib/breaker.ts'

const many = (count: number): undefined[] => Array.from({ length: count })

function broken(): { breaker: ReturnType<typeof createBreaker>; clock: { at: number }; pass(): number } {
  const clock = { at: 1_000 }
  const breaker = createBreaker({ now: () => clock.at })
  for (const _ of many(8)) breaker.report(false)
  const passes = (): boolean => {
    try {
      breaker.check('desk')
      return true
    } catch {
      return false
    }
  }
  /** How many of a hundred who come at the same instant get through. */
  return { breaker, clock, pass: () => many(100).filter(passes).length }
}

describe('a breaker', () => {
  it('opens after eight failures in a row, and not before', () => {
    const breaker = createBreaker({ now: () => 0 })
    for (const _ of many(7)) breaker.report(false)
    breaker.report(true)
    for (const _ of many(7)) breaker.report(false)
    breaker.check('desk')
    breaker.report(false)
    expect(() => breaker.check('desk')).toThrow('8 times in a row')
  })

  it('lets one of a crowd through, a second later, and one more for each second it hangs', () => {
    const { clock, pass } = broken()
    expect(pass()).toBe(0)
    clock.at += 1_000
    expect(pass()).toBe(1)
    clock.at += 999
    expect(pass()).toBe(0)
    clock.at += 1
    expect(pass()).toBe(1)
  })

  it('closes when that one has an answer, and stays open when it has none', () => {
    const { breaker, clock, pass } = broken()
    clock.at += 1_000
    pass()
    breaker.report(false)
    expect(pass()).toBe(0)
    breaker.report(true)
    expect(pass()).toBe(100)
  })
})
