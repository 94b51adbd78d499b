import { describe, expect, it } from 'vitest'
import { countExcused, type Period, type TappedCall, type Troubles } from '../../chaos/judge/excuses.ts'

const answered = { status: 201, legible: true }
const HEARD: TappedCall = { replica: 0, number: 1, from: 1_000, answeredAt: 1_010, ...answered }
const AGAIN: TappedCall = { ...HEARD, replica: 1, from: 9_000, answeredAt: 9_010 }
const CALM: Troubles = { replica: () => [], store: () => [] }
const troubled = (...periods: Period[]): Troubles => ({
  replica: index => (index === 0 ? periods : []),
  store: () => [],
})

/** The first of two calls, what was disturbed, and whether the second copy is excused. */
const CASES: [what: string, first: TappedCall, troubles: Troubles, excused: number][] = [
  ['was heard by a mediator that lived on', HEARD, CALM, 0],
  ['was never answered', { replica: 0, number: 1, from: 1_000 }, CALM, 1],
  ['was answered by half', { ...HEARD, legible: false }, CALM, 1],
  [
    'was refused by half an answer, so that nothing was done',
    { ...HEARD, status: 500, legible: false },
    CALM,
    0,
  ],
  ['was of a replica killed meanwhile', HEARD, troubled({ from: 1_005 }), 1],
  ['was of a replica killed before it could write it down', HEARD, troubled({ from: 1_500 }), 1],
  ['was of a replica killed long after', HEARD, troubled({ from: 3_000 }), 0],
  ['was of a replica that was back before', HEARD, troubled({ from: 100, to: 900 }), 0],
  ['could not be written down', HEARD, { replica: () => [], store: () => [{ from: 1_200, to: 5_000 }] }, 1],
]

describe('a second copy is excused when the first call', () => {
  it.each(CASES)('%s', (_what, first, troubles, excused) => {
    expect(countExcused([first, AGAIN], 1, troubles)).toBe(excused)
  })

  it('but only one for each such call', () => {
    const lost = { replica: 0, number: 1, from: 1_000 }
    expect(countExcused([lost, AGAIN], 2, CALM)).toBe(1)
    expect(countExcused([lost, { ...lost, from: 4_000 }, AGAIN], 2, CALM)).toBe(2)
  })

  it('also when the second call took no time at all', () => {
    const lost = { replica: 0, number: 1, from: 1_000 }
    expect(countExcused([lost, { ...AGAIN, answeredAt: AGAIN.from }], 1, CALM)).toBe(1)
  })

  it('and never one that came after the message was known to be there', () => {
    const lost = { replica: 0, number: 1, from: 20_000 }
    expect(countExcused([HEARD, lost], 1, CALM)).toBe(0)
  })
})
