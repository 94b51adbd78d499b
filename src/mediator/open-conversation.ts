import type { Opened, OpeningRequest } from '../desks/desk.ts'
import { asMediatorError, MediatorError } from '../domain/errors.ts'
import type { Opening } from '../domain/mailbox.ts'
import type { Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Outcome } from '../store/store.ts'
import type { Sides } from './sides.ts'

/** All desks together must have answered by then: while the registering caller waits, and before it may be told "queued". */
const OPENING_BUDGET_MS = 7_500

/** Asks each desk of the opening in turn; another one is asked when a desk has nobody or is down. Throws the first refusal. */
export async function openConversation(
  sides: Sides,
  session: Session,
  opening: Opening,
  call: Call,
): Promise<Outcome> {
  const request: OpeningRequest = {
    session: session.id,
    client: session.client,
    department: session.department,
    results: opening.results,
    ...(opening.conversation !== undefined && { conversation: opening.conversation }),
  }
  const refusals: MediatorError[] = []
  const doubtful: string[] = []
  const shareMs = OPENING_BUDGET_MS / opening.desks.length
  for (const name of opening.desks) {
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(shareMs)])
    try {
      const answer = await sides.desk(name).openConversation(request, { ...call, signal })
      tidyUp(sides, session, doubtful, call)
      return opened(name, answer)
    } catch (error) {
      const refusal = namingDesk(asMediatorError(error), name)
      refusals.push(refusal)
      if (refusal.transient) doubtful.push(name)
      const { code, message: reason } = refusal
      call.log.warn({ session: session.id, desk: name, code, reason }, 'not opened')
      if (!isElsewhereWorthTrying(refusal, refusals.length > 1)) break
    }
  }
  throw refusals[0] as MediatorError
}

/** Several desks may have been asked; the department is all they say by themselves. */
function namingDesk(refusal: MediatorError, desk: string): MediatorError {
  if (refusal.code !== 'UNKNOWN_DEPARTMENT') return refusal
  return new MediatorError(refusal.code, `the desk "${desk}": ${refusal.message}`, { cause: refusal })
}

/** A fallback that does not know the department is passed over; the desk it was meant for must know it. */
function isElsewhereWorthTrying(refusal: MediatorError, isFallback: boolean): boolean {
  if (isFallback && refusal.code === 'UNKNOWN_DEPARTMENT') return true
  return refusal.code === 'NO_AGENT' || (refusal.transient && refusal.code !== 'THROTTLED')
}

function opened(desk: string, { conversation, state, agent }: Opened): Outcome {
  return { kind: 'opened', desk, conversation, state, ...(agent === undefined ? {} : { agent }) }
}

const TIDY_UP_MS = 5_000

/** A desk that gave no answer may have opened a conversation all the same; nobody must wait there for this client. */
function tidyUp(sides: Sides, session: Session, desks: string[], { log }: Call): void {
  for (const name of desks) {
    const call = { signal: AbortSignal.timeout(TIDY_UP_MS), log, attempt: 1 }
    sides
      .desk(name)
      .closeConversation(session, 'failed', call)
      .catch(error =>
        log.warn({ desk: name, reason: asMediatorError(error).message }, 'could not look for leftovers'),
      )
  }
}

/** Finds and closes what an opening may have left at its desks when its answer got lost. */
export async function undoOpening(
  sides: Sides,
  session: Session,
  opening: Opening,
  call: Call,
): Promise<void> {
  for (const name of opening.desks) await sides.desk(name).closeConversation(session, 'failed', call)
}
