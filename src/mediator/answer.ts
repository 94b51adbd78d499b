import { MediatorError } from '../domain/errors.ts'
import { CLOSED_ANSWER_MS, type Session } from '../domain/session.ts'
import type { Report } from './waiters.ts'

/** How long a bot's call is held for the outcome, in ms: RapidPro calls a webhook unhealthy after 10 s. */
export const BOT_BUDGET_MS = 8_000
/** A desk's: Rocket.Chat sends again after 5 s. */
export const DESK_BUDGET_MS = 3_000

/** What a caller is told when nothing went wrong. */
export type Answer = {
  word: 'success' | 'queued' | 'ignored'
  /** For a human. */
  msg: string
  /** Further keys of the answer. */
  extra?: Record<string, unknown>
}

/** The answer to a bot: done is 200, kept for later is 202, failed is thrown. */
export function answerFor(report: Report, done: string, kept: string): Answer {
  if (report.kind === 'failed') throw report.error
  return report.kind === 'done' ? { word: 'success', msg: done } : { word: 'queued', msg: kept }
}

/** A session that is over answers so for a day, then as if it had never been. */
export function refuseEnded(session: Session, now: number): never {
  const recent = session.ending !== undefined && now - session.ending.at < CLOSED_ANSWER_MS
  if (recent) throw new MediatorError('SESSION_CLOSED', 'the conversation with the agent has ended')
  throw new MediatorError(
    'NO_SESSION',
    'this client has no conversation with an agent: register the client first',
  )
}
