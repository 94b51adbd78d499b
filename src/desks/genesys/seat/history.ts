import type { Clock } from '../../../lib/clock.ts'
import type { ChatLog } from './chat-log.ts'

/** When the history of an interaction has to be asked for, and how long it is waited for what it may bring. */
export type History = {
  /** It comes by itself with the seat's entry. */
  comes(isComing: boolean): void
  /** Something may have been missed. */
  missed(): void
  isDue(): boolean
  asked(): void
  given(): void
  /** There is none to be had: what is heard must do. */
  none(): void
  isNone(): boolean
  /** A line was handled. */
  wentOn(): void
  /** What is missing before other lines never comes. */
  hasGivenUp(isOver: boolean): boolean
}

/** A line is missing so long: the history may have it, in ms. */
const ASK_FOR_MISSING_MS = 1_000
const ASK_AGAIN_MS = 5_000
/** Missing so long, and for a while since the history was given, it was not meant for the seat. In ms. */
const PASS_OVER_MS = 5_000
const SINCE_HISTORY_MS = 2_000
/** The others must not wait for ever, whatever is wrong with the history. In ms. */
const PASS_OVER_ANYHOW_MS = 60_000

export function createHistory(log: Pick<ChatLog, 'last' | 'missingFor'>, clock: Clock): History {
  let comingSince = 0
  let isIncomplete = false
  let isNone = false
  let askAt = 0
  let givenAt: number | undefined

  return {
    comes(isComing) {
      comingSince = isComing ? clock.now() : 0
    },
    missed() {
      isIncomplete = true
      isNone = false
      askAt = 0
    },
    isDue() {
      const now = clock.now()
      if (isNone || now < askAt) return false
      const isGap = givenAt === undefined && log.missingFor(now) >= ASK_FOR_MISSING_MS
      // That of the entry has not come, or nobody here has seen the entry.
      const isBlank = log.last() === undefined && now - comingSince >= ASK_AGAIN_MS
      return isIncomplete || isGap || isBlank
    },
    asked() {
      askAt = clock.now() + ASK_AGAIN_MS
    },
    given() {
      isIncomplete = false
      givenAt = clock.now()
    },
    none() {
      isIncomplete = false
      isNone = true
    },
    isNone: () => isNone,
    wentOn() {
      givenAt = undefined
    },
    hasGivenUp(isOver) {
      const now = clock.now()
      const missing = log.missingFor(now)
      if (missing < PASS_OVER_MS) return false
      if (isNone || isOver || missing >= PASS_OVER_ANYHOW_MS) return true
      return givenAt !== undefined && now - givenAt >= SINCE_HISTORY_MS
    },
  }
}
