import type { Entry } from '../domain/mailbox.ts'
import type { Session } from '../domain/session.ts'
import type { Outcome } from '../store/store.ts'
import type { Report } from './waiters.ts'

/** What became of an attempt: for the store, and for whoever waits. */
export type Attempted = { outcome: Outcome; report: Report }

/** A message in pieces is done when its last piece is, and failed when any of them is. */
export function concludesMessage(head: Entry, { outcome, report }: Attempted): boolean {
  if (outcome.kind === 'expanded') return false
  return report.kind !== 'done' || head.kind !== 'message' || head.piece !== 'more'
}

/** The session as the outcome leaves it. */
export function sessionAfter(session: Session, outcome: Outcome): Session {
  if (outcome.kind !== 'opened') return session
  const { desk, conversation, state, agent } = outcome
  return { ...session, desk, conversation, state, ...(agent === undefined ? {} : { agent }) }
}

/** What failed for good without a dead letter is counted as given up; an opening may have left something at its desks. */
export function withLeftovers(outcome: Outcome, leftovers: string[]): Outcome {
  if (outcome.kind === 'abandoned') return { ...outcome, leftovers }
  if (outcome.kind !== 'removed' || outcome.dead !== undefined) return outcome
  return { ...outcome, leftovers, givenUp: true }
}
