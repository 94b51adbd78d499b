import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatedPlans, LETTERS, wordsOf } from './race-words.ts'
import { openRaces, type Races } from './races.ts'

const LONG = { timeout: 180_000 }

/** Each step is taken before the calls of the former have come back; the test says which of them does first. */
describe('closings across everything else', () => {
  let races: Races
  beforeAll(async () => {
    races = await openRaces()
  })
  afterAll(() => races.stop())

  it('lose nothing and leave nothing open: three steps, let through in every order', LONG, async () => {
    const plans = gatedPlans(wordsOf(LETTERS, 2, 3), { gaps: ['-', 'o', 'n'], orders: ['o', 'n'] })
    expect(await races.complaintsOf(plans)).toEqual([])
  })

  it('nor do four steps, all under way at once and the last let through first', LONG, async () => {
    const closing = wordsOf(LETTERS, 4, 4).filter(word => /[XD]/.test(word))
    expect(await races.complaintsOf(gatedPlans(closing, { gaps: ['-'], orders: ['n'] }))).toEqual([])
  })
})
