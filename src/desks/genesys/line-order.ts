import type { ChatLine } from './customer-leg.ts'

/** Brings the lines of one chat into their order, over several reads. */
export type LineOrder = {
  /** Which of these lines, all after index `last`, may be handled now; in order, each once. `isWaiting`: an index is missing
   *  before the others, which should be read again soon. */
  take(lines: ChatLine[], last: number | undefined): { ready: ChatLine[]; isWaiting: boolean }
}

/**
 * What agents say among themselves has an index too, and is never in the customer's log: most gaps stay. But a line may
 * also come to light after a later one, and what is passed over is never read again. So a gap is believed only when this
 * many reads have shown it.
 */
const READS_TO_BELIEVE_A_GAP = 3

export function createLineOrder(): LineOrder {
  let seen = new Map<string, number>()
  return {
    take(lines, last) {
      const fresh = sortOnce(lines)
      const gaps = gapsOf(fresh, last)
      // A gap that is smaller now is another one: its lines are just coming.
      seen = new Map(gaps.map(({ name }) => [name, (seen.get(name) ?? 0) + 1]))
      const open = gaps.find(({ name }) => (seen.get(name) ?? 0) < READS_TO_BELIEVE_A_GAP)
      const ready = open ? fresh.slice(0, open.before) : fresh
      return { ready, isWaiting: open !== undefined }
    },
  }
}

/** In order of index, each index once. */
export function sortOnce(lines: ChatLine[]): ChatLine[] {
  const byIndex = new Map(lines.map(line => [line.index, line]))
  return [...byIndex.values()].sort((a, b) => a.index - b.index)
}

/** Each gap with the position of the line before which it is. */
function gapsOf(fresh: ChatLine[], last: number | undefined): { name: string; before: number }[] {
  return fresh.flatMap(({ index }, before) => {
    const previous = fresh[before - 1]?.index ?? last ?? 0
    return index > previous + 1 ? [{ name: `${previous}-${index}`, before }] : []
  })
}
