import type { Result, Spread } from './verdict.ts'

/** What the table shows of a scenario, however often it was played. */
export type Row = Pick<
  Result,
  'scenario' | 'messages' | 'lost' | 'reordered' | 'doubledWithId' | 'doubledWithoutId' | 'excused'
> & { accept: Spread; delivery: Spread }

const SUMMED = ['messages', 'lost', 'reordered', 'doubledWithId', 'doubledWithoutId', 'excused'] as const

/** One row for each scenario, in the order of the first run: sums, and of the percentiles the worst. */
export function mergeRuns(results: Result[]): Row[] {
  return [...Map.groupBy(results, ({ scenario }) => scenario).values()].map(runs => runs.reduce(merge))
}

function merge(one: Result, other: Result): Result {
  const sums = SUMMED.map(column => [column, one[column] + other[column]])
  return {
    ...one,
    ...Object.fromEntries(sums),
    accept: worse(one.accept, other.accept),
    delivery: worse(one.delivery, other.delivery),
  }
}

function worse(one: Spread, other: Spread): Spread {
  return [larger(one[0], other[0]), larger(one[1], other[1]), larger(one[2], other[2])]
}

/** NaN, of nothing, is less than everything. */
function larger(one: number, other: number): number {
  return Number.isNaN(one) || other > one ? other : one
}
