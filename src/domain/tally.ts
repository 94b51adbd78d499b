import type { Direction } from './mailbox.ts'

/** What became of all entries there ever were, and how many wait now. */
export type Tally = { direction: Direction; desk: string } & Record<Became | 'waiting', number>

/** `given-up`: failed without a dead letter (an opening, a notice). `moved`: counted on under its desk, which was found. */
export type Became = 'accepted' | 'delivered' | 'dead' | 'given-up' | 'moved'

/** So many entries of one kind; there may be several counts of it. */
export type Count = { direction: Direction; desk: string; became: Became | 'waiting'; n: number }

/** The counts of each direction and desk, put together. */
export function addUp(counts: Count[]): Tally[] {
  const found = new Map<string, Tally>()
  for (const { direction, desk, became, n } of counts) {
    const key = `${direction} ${desk}`
    const tally = found.get(key) ?? { direction, desk, ...NONE }
    tally[became] += n
    found.set(key, tally)
  }
  return [...found.values()]
}

const NONE = { accepted: 0, delivered: 0, dead: 0, 'given-up': 0, moved: 0, waiting: 0 }
