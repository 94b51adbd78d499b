import { describe, expect, it } from 'vitest'
import { mergeRuns } from '../../chaos/merge.ts'
import { resultLines, tableOf, withReport } from '../../chaos/report.ts'
import type { Result } from '../../chaos/verdict.ts'

const RESULT: Result = {
  scenario: 'kill',
  seed: 1,
  messages: 20_000,
  unacknowledged: 3,
  lost: 0,
  reordered: 1,
  strange: 0,
  doubledWithId: 0,
  doubledWithoutId: 4,
  excused: 4,
  unexcused: 0,
  notices: 0,
  accept: [1.4, 20, 300.6],
  delivery: [0, Number.NaN, 12],
  scrapes: 9,
  refusals: { 503: 2 },
  complaints: {},
  seconds: 60,
  broken: [],
  notes: ['+1.0 s kill 1'],
}

describe('the report', () => {
  it('is a row for each scenario', () => {
    expect(tableOf([RESULT]).split('\n').at(-1)).toBe(
      '| kill | 20000 | 0 | 1 | 0 | 4 (4) | 1 / 20 / 301 | 0 / – / 12 |',
    )
  })

  it('puts runs of a scenario together: sums, and of the times the worst', () => {
    const again = { ...RESULT, seed: 2, messages: 5, lost: 1, accept: [2, 10, 400], delivery: [1, 2, 3] }
    const calm = { ...RESULT, scenario: 'calm' }
    const rows = mergeRuns([RESULT, calm, again as Result])
    expect(rows.map(({ scenario }) => scenario)).toEqual(['kill', 'calm'])
    expect(rows[0]).toMatchObject({
      messages: 20_005,
      lost: 1,
      reordered: 2,
      doubledWithoutId: 8,
      excused: 8,
    })
    expect(rows[0]).toMatchObject({ accept: [2, 20, 400], delivery: [1, 2, 12] })
    expect(rows[1]).toMatchObject({ messages: 20_000, accept: RESULT.accept, delivery: RESULT.delivery })
  })

  it('goes between the markers and leaves the rest as it is', () => {
    const text = 'a\n<!-- chaos:begin -->\nold\n<!-- chaos:end -->\nb\n'
    const once = withReport(text, 'new')
    expect(once).toBe('a\n<!-- chaos:begin -->\n\nnew\n\n<!-- chaos:end -->\nb\n')
    expect(withReport(once, 'new')).toBe(once)
    expect(() => withReport('a\nb\n', 'new')).toThrow('<!-- chaos:begin -->')
  })

  it('tells how to play a broken scenario again, with what happened', () => {
    expect(resultLines(RESULT, 'npm run chaos')).not.toContain('npm run chaos')
    const lines = resultLines({ ...RESULT, broken: ['lost: #1'] }, 'npm run chaos -- --seed 1')
    for (const part of ['BROKEN: kill', '! lost: #1', '+1.0 s kill 1', 'again: npm run chaos -- --seed 1'])
      expect(lines).toContain(part)
  })
})
