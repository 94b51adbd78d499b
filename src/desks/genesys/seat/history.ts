import type { Clock } from '../../../lib/clock.ts'
import type { ChatLog } from './chat-log.ts'

/** When the history of an interaction has to be asked for, and how long it is waited for what it may bring. */
export type History = {
  /** It comes by itself with the seat's entry. */
  comes(isComing: boolean): void
  /** Something may have been missed. */
  missed(): void
  isDue(): boolean
  /** It is asked for now; what comes back is to be called when the desk has agreed. What is missed after the asking, it lacks. */
  asked(): () => void
  /** There is none to be had: what is heard must do. */
  none(): void
  isNone(): boolean
  /** What is missing before other lines never comes. */
  hasGivenUp(isOver: boolean): boolean
}

/** A line is missing so long: the history may have it, in ms. */
const ASK_FOR_MISSING_MS = 1_000
const ASK_AGAIN_MS = 5_000
/** Missing so long, and left out of the history, it was not meant for the seat. In ms. */
const PASS_OVER_MS = 5_000
/** The others must not wait for ever, whatever is wrong with the history: a minute. Asked so often, however fast a clock goes. */
const MOST_ASKED = 12

export function createHistory(
  log: Pick<ChatLog, 'last' | 'missing' | 'missingFor' | 'isLeftOut'>,
  clock: Clock,
): History {
  let comingSince = 0
  let missed = 0
  let madeGood = 0
  let isNone = false
  let askAt = 0
  /** How often it was asked for, while this line was missing. */
  let search = { line: -1, asked: 0 }

  return {
    comes(isComing) {
      comingSince = isComing ? clock.now() : 0
    },
    missed() {
      missed += 1
      isNone = false
      askAt = 0
    },
    isDue() {
      const now = clock.now()
      if (isNone || now < askAt) return false
      const isGap = log.missingFor(now) >= ASK_FOR_MISSING_MS && !log.isLeftOut() && !hasAskedEnough()
      // That of the entry has not come, or nobody here has seen the entry.
      const isBlank = log.last() === undefined && now - comingSince >= ASK_AGAIN_MS
      return missed > madeGood || isGap || isBlank
    },
    asked() {
      askAt = clock.now() + ASK_AGAIN_MS
      const line = log.missing()
      if (line !== undefined) search = { line, asked: askedFor(line) + 1 }
      const before = missed
      return () => {
        madeGood = Math.max(madeGood, before)
      }
    },
    none() {
      madeGood = missed
      isNone = true
    },
    isNone: () => isNone,
    hasGivenUp(isOver) {
      const now = clock.now()
      if (log.missingFor(now) < PASS_OVER_MS) return false
      return isNone || isOver || log.isLeftOut() || (hasAskedEnough() && now >= askAt)
    },
  }

  function askedFor(line: number | undefined): number {
    return search.line === line ? search.asked : 0
  }

  function hasAskedEnough(): boolean {
    return askedFor(log.missing()) >= MOST_ASKED
  }
}
