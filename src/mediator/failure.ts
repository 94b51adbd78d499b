import type { ErrorCode, MediatorError } from '../domain/errors.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { EndReason } from '../domain/session.ts'
import type { Consequences, Outcome, Work } from '../store/store.ts'
import { endOf } from './ending.ts'
import { GIVE_UP_MS, retryAt, TELL_AFTER_MS } from './retry-schedule.ts'
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
  const at = retryAt(work.attempts.count + 1, error, now)
  const overdue = at > work.head.at + TELL_AFTER_MS && !work.attempts.told
  return { kind: 'retry', at, counts, ...(overdue ? told(work, texts, 'delayed', now) : {}) }
}

/** An opening nobody was promised leaves nothing behind, unless it only has to wait its turn: then it is promised now. */
function outcomeOfOpening(work: Work, error: MediatorError, texts: Texts, now: number): Outcome {
  if (work.head.kind !== 'open') throw new Error('not an opening')
  const paced = error.code === 'THROTTLED'
  if (!paced && !work.head.opening.promised) return { kind: 'abandoned' }
  const inTime = now - work.head.at < GIVE_UP_MS
  if (paced && inTime)
    return { ...promise(work.head, turnComes(error, now)), ...toldWhenLate(work, texts, now) }
  if (error.transient && inTime) return putOff(work, error, texts, now)
  return {
    kind: 'removed',
    ...told(work, texts, 'failed', now),
    ...endOf(work.session, endReason(error.code), now),
  }
}

/** Asking again costs nothing, and is also when clients are told whose texts wait behind the opening. */
function turnComes(error: MediatorError, now: number): number {
  return Math.min(retryAt(1, error, now), now + TELL_AFTER_MS / 2)
}

function toldWhenLate(work: Work, texts: Texts, now: number): Pick<Consequences, 'tell'> {
  const overdue = now > work.head.at + TELL_AFTER_MS / 2 && !work.attempts.told
  return overdue ? told(work, texts, 'delayed', now) : {}
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

/** Words to the human who wrote, once per delay. Of our own words they are only told that they delay what is behind them. */
function told(work: Work, texts: Texts, what: 'delayed' | 'failed', now: number): Pick<Consequences, 'tell'> {
  const { kind } = work.head
  const concerns = kind === 'message' || kind === 'open' || (kind === 'notice' && what === 'delayed')
  if (!concerns) return {}
  const writer = work.turn.direction === 'to_agent' ? 'client' : 'agent'
  const text = texts[`${writer}_${what}`]
  // The pieces of a message are one message to who wrote it.
  const id = `${work.head.id.split('#', 1)[0]}~${what}`
  return text ? { tell: { id, at: now, kind: 'notice', text } } : {}
}
