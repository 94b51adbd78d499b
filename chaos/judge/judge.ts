import { type Direction, numberIn, type Written } from './ledger.ts'

/** A text as the other side finally shows it; `at` is when it arrived, epoch ms. */
export type Shown = { text: string; at: number }

/** Everything one side of one conversation shows, in its order. */
export type Screen = { conversation: number; direction: Direction; shown: Shown[] }

/** A number more often than once: `copies` beside the first. */
export type Doubled = { message: Written; copies: number }

export type Judgement = {
  /** Acknowledged, and nowhere to be seen. */
  lost: Written[]
  /** Acknowledged before another was written, and shown after it. */
  reordered: Written[]
  doubled: Doubled[]
  /** Shown to somebody it was not written for. */
  strange: { message: Written; shownIn: number }[]
  /** Different numbers that were shown, and texts without one: the mediator's own words. */
  arrived: Record<Direction, number>
  notices: Record<Direction, number>
  /** From the first asking to the arrival of what was acknowledged, in ms. */
  deliveries: number[]
}

/** Compares what was written with what is shown. */
export function judge(written: Written[], screens: Screen[]): Judgement {
  const judgement: Judgement = {
    lost: [],
    reordered: [],
    doubled: [],
    strange: [],
    arrived: { to_agent: 0, to_client: 0 },
    notices: { to_agent: 0, to_client: 0 },
    deliveries: [],
  }
  const seen = new Set<number>()
  const byNumber = new Map(written.map(message => [message.number, message]))
  for (const screen of screens) look(byNumber, screen, seen, judgement)
  judgement.lost = written.filter(
    ({ number, acknowledgedAt }) => acknowledgedAt !== undefined && !seen.has(number),
  )
  return judgement
}

function look(byNumber: Map<number, Written>, screen: Screen, seen: Set<number>, judgement: Judgement): void {
  const copies = new Map<Written, number>()
  for (const { text, at } of screen.shown) {
    const message = byNumber.get(numberIn(text) ?? -1)
    if (!message) judgement.notices[screen.direction] += 1
    else if (isStrange(message, screen)) judgement.strange.push({ message, shownIn: screen.conversation })
    else if (copies.has(message)) copies.set(message, (copies.get(message) ?? 0) + 1)
    else {
      copies.set(message, 0)
      seen.add(message.number)
      const { askedAt, acknowledgedAt } = message
      if (askedAt !== undefined && acknowledgedAt !== undefined) judgement.deliveries.push(at - askedAt)
    }
  }
  judgement.arrived[screen.direction] += copies.size
  for (const [message, more] of copies) if (more > 0) judgement.doubled.push({ message, copies: more })
  judgement.reordered.push(...findReordered([...copies.keys()]))
}

function isStrange({ conversation, direction }: Written, screen: Screen): boolean {
  return conversation !== screen.conversation || direction !== screen.direction
}

/**
 * Those that are shown before something that was acknowledged before they were written. What was under way at the same
 * time has no order that anybody could have promised.
 */
function findReordered(firsts: Written[]): Written[] {
  let earliest = Number.POSITIVE_INFINITY
  return firsts.toReversed().filter(({ calledAt = Number.NEGATIVE_INFINITY, acknowledgedAt }) => {
    const isEarly = earliest < calledAt
    earliest = Math.min(earliest, acknowledgedAt ?? Number.POSITIVE_INFINITY)
    return isEarly
  })
}
