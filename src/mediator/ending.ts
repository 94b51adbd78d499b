import { CLOSED_ANSWER_MS, type EndReason, type Session } from '../domain/session.ts'
import type { Consequences } from '../store/store.ts'

/** Ends the session and hands the person back, in the step that settles the present entry. */
export function endOf(
  session: Session,
  reason: EndReason,
  now: number,
): Pick<Consequences, 'ending' | 'handBack'> {
  const agent = session.agent === undefined ? {} : { agent: session.agent }
  const handBack = { id: `${session.id}~end`, at: now, kind: 'end' as const, reason, ...agent }
  // Found closed: whatever of its agent still comes was said before that.
  const late = reason === 'gone' ? { deskAt: now + CLOSED_ANSWER_MS } : {}
  return { ending: { at: now, reason, ...late }, handBack }
}
