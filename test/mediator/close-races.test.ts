import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainPlans } from './race-words.ts'
import { openRaces, type Races } from './races.ts'

describe('closings between everything else, one step after the other', () => {
  let races: Races
  beforeAll(async () => {
    races = await openRaces()
  })
  afterAll(() => races.stop())

  it('lose, double and disorder nothing, and leave nothing open: all 9330 words of up to five letters', {
    timeout: 180_000,
  }, async () => {
    expect(await races.complaintsOf(plainPlans(5))).toEqual([])
  })
})
