import type { MediatorError } from '../../domain/errors.ts'
import type { Link } from '../desk.ts'

/** What the reading of many chats says about the link as a whole. */
export type LinkHealth = {
  /** A chat was read. */
  wentWell(): void
  /** There is no chat to read. */
  isIdle(): void
  /** A chat could not be read. */
  wentWrong(error: MediatorError, now: number): void
  /** Why this link can never work: its credentials are wrong. Undefined while that is not certain. */
  verdict(now: number): MediatorError | undefined
}

/** This many failures with no success between them are not the fault of one chat. */
const FAILURES_TO_REPORT = 3

/**
 * Whoever stops a link for bad credentials stops it until a restart. So this takes a minute in which nothing was ever
 * answered but "not you": what has worked before is an outage, and what fails for other reasons says nothing of credentials.
 */
const CERTAIN_AFTER_MS = 60_000

export function createLinkHealth(link: Pick<Link, 'report'>): LinkHealth {
  let failures = 0
  let hasWorked = false
  let refusal: { since: number; error: MediatorError } | undefined
  return {
    wentWell() {
      hasWorked = true
      beWell()
    },
    isIdle: beWell,
    wentWrong(error, now) {
      failures += 1
      if (failures >= FAILURES_TO_REPORT) link.report('reconnecting')
      refusal = error.code === 'MISCONFIGURED' ? { since: refusal?.since ?? now, error } : undefined
    },
    verdict(now) {
      if (hasWorked || !refusal || now - refusal.since < CERTAIN_AFTER_MS) return undefined
      return refusal.error
    },
  }

  function beWell(): void {
    failures = 0
    refusal = undefined
    link.report('connected')
  }
}
