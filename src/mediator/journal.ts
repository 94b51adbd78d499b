import type { Logger } from 'pino'
import type { MediatorError } from '../domain/errors.ts'
import { traceOf } from '../lib/trace.ts'
import type { Acceptance, Letter, Outcome, Work } from '../store/store.ts'

/** One line for every hop of a message, with ids only: never anyone's words, name, number or token. */
export type Journal = {
  accepted(letter: Letter, acceptance: Acceptance): void
  delivered(work: Work, outcome: Outcome, now: number): void
  notDelivered(work: Work, error: MediatorError, outcome: Outcome): void
  fenced(work: Work): void
  conversationTaken(work: Work): void
  brokenOff(work: Work, error: unknown): void
}

export function createJournal(log: Logger): Journal {
  return {
    accepted(letter, acceptance) {
      const session = acceptance.outcome === 'no-session' ? undefined : acceptance.session
      const entry = letter.entries[0]
      const { outcome } = acceptance
      const about = { direction: letter.direction, session: session?.id, desk: session?.desk }
      log.info({ ...about, outcome, entry: entry?.id, kind: entry?.kind }, 'accepted')
    },
    delivered(work, outcome, now) {
      const opened = outcome.kind === 'opened' ? { desk: outcome.desk } : {}
      log.info({ ...idsOf(work), ...opened, ms: now - work.head.at }, 'delivered')
    },
    notDelivered(work, { code, message, cause }, outcome) {
      const level = code === 'UNEXPECTED' || code === 'MISCONFIGURED' ? 'error' : 'warn'
      const trace = code === 'UNEXPECTED' ? traceOf(cause) : undefined
      log[level]({ ...idsOf(work), code, reason: message, outcome: outcome.kind, trace }, 'not delivered')
    },
    fenced: work => log.warn(idsOf(work), 'another replica has taken this mailbox over'),
    conversationTaken: work =>
      log.error(idsOf(work), 'the desk gave this client a conversation of another client'),
    brokenOff: (work, error) =>
      log.error(
        { ...idsOf(work), trace: traceOf(error) },
        'delivery broke off; taken up again when its turn runs out',
      ),
  }
}

function idsOf({ session, turn, head, attempts }: Work) {
  return {
    direction: turn.direction,
    session: session.id,
    desk: session.desk,
    entry: head.id,
    kind: head.kind,
    attempt: attempts.count + 1,
  }
}
