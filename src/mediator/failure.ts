import type { ErrorCode, MediatorError } from '../domain/errors.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { EndReason } from '../domain/session.ts'
import type { Consequences, Outcome, Work } from '../store/store.ts'
import { endOf } from './ending.ts'
import { noticeOf } from './failure-notice.ts'
import { GIVE_UP_MS, LOOK_AGAIN_MS, LOOK_BEHIND_MS, retryAt, TELL_AFTER_MS } from './retry-schedule.ts'
import type { Texts } from './texts.ts'

/** Decides what becomes of a head whose attempt failed. `awaited`: the caller still waits and tells the human itself. */
export function outcomeOfFailure(
  work: Work,
  error: MediatorError,
  texts: Texts,
  awaited: boolean,
  now: number,
): Outcome {
  if (work.head.kind === 'open') return outcomeOfOpening(work, error, texts, now)
  if (error.transient && now - work.head.at < GIVE_UP_MS) return putOff(work, error, texts, now)
  const outcome: Outcome = { kind: 'removed', ...(awaited ? {} : told(work, texts, 'failed', now)) }
  if (work.head.kind !== 'notice') outcome.dead = error.message
  if (error.code === 'CONVERSATION_GONE') Object.assign(outcome, endOf(work.session, 'gone', now))
  return outcome
}

function putOff(work: Work, error: MediatorError, texts: Texts, now: number): Outcome {
  const counts = error.code !== 'THROTTLED'
  const at = nextTry(work, retryAt(work.attempts.count + 1, error, now), now)
  return { kind: 'retry', at, counts, ...toldIfLate(work, at, texts, now) }
}

/** There was no room to try it: looked at again before long, and told of when it is late. */
export function putOffUntried(work: Work, texts: Texts, now: number): Outcome {
  const at = now + (work.attempts.told ? LOOK_AGAIN_MS : LOOK_BEHIND_MS)
  return { kind: 'retry', at, counts: false, ...toldIfLate(work, at, texts, now) }
}

/** An opening nobody was promised leaves nothing behind, unless it only has to wait its turn: then it is promised now. */
function outcomeOfOpening(work: Work, error: MediatorError, texts: Texts, now: number): Outcome {
  if (work.head.kind !== 'open') throw new Error('not an opening')
  const paced = error.code === 'THROTTLED'
  if (!paced && !work.head.opening.promised) return { kind: 'abandoned' }
  const inTime = now - work.head.at < GIVE_UP_MS
  if (paced && inTime) {
    // Asking again costs nothing, so it is looked again and again who has written behind it.
    const at = Math.min(retryAt(1, error, now), now + LOOK_BEHIND_MS)
    return { ...promise(work.head, at), ...toldIfLate(work, at, texts, now) }
  }
  if (error.transient && inTime) return putOff(work, error, texts, now)
  return {
    kind: 'removed',
    ...told(work, texts, 'failed', now),
    ...endOf(work.session, endReason(error.code), now),
  }
}

/** From now on the opening is owed, like any message. */
export function promise(
  head: Extract<Entry, { kind: 'open' }>,
  at: number,
): Extract<Outcome, { kind: 'retry' }> {
  return {
    kind: 'retry',
    at,
    counts: false,
    entry: { ...head, opening: { ...head.opening, promised: true } },
  }
}

function endReason(code: ErrorCode): EndReason {
  return code === 'NO_AGENT' ? 'no-agent' : 'failed'
}

/** Somebody may at any time write behind an opening or words of ours, and is to be told of them before long. */
function nextTry({ head, attempts }: Work, at: number, now: number): number {
  const isOurs = head.kind === 'open' || head.kind === 'notice'
  return isOurs && !attempts.told ? Math.min(at, now + LOOK_BEHIND_MS) : at
}

/** Told in the step that puts it off, so that no death of a process comes in between. */
function toldIfLate(work: Work, next: number, texts: Texts, now: number): Pick<Consequences, 'tell'> {
  const isLate = next > work.head.at + TELL_AFTER_MS && !work.attempts.told
  return isLate ? told(work, texts, 'delayed', now) : {}
}

function told(work: Work, texts: Texts, what: 'delayed' | 'failed', now: number): Pick<Consequences, 'tell'> {
  const tell = noticeOf(work, texts, what, now)
  return tell ? { tell } : {}
}
