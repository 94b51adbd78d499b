import type { Opened, OpeningRequest } from '../desks/desk.ts'
import { asMediatorError, type MediatorError } from '../domain/errors.ts'
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
  }
  const refusals: MediatorError[] = []
  const shareMs = OPENING_BUDGET_MS / opening.desks.length
  for (const name of opening.desks) {
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(shareMs)])
    try {
      return opened(name, await sides.desk(name).openConversation(request, { ...call, signal }))
    } catch (error) {
      const refusal = asMediatorError(error)
      refusals.push(refusal)
      if (!isElsewhereWorthTrying(refusal)) break
    }
  }
  throw refusals[0] as MediatorError
}

function isElsewhereWorthTrying(refusal: MediatorError): boolean {
  return refusal.code === 'NO_AGENT' || (refusal.transient && refusal.code !== 'THROTTLED')
}

function opened(desk: string, { conversation, state, agent }: Opened): Outcome {
  return { kind: 'opened', desk, conversation, state, ...(agent === undefined ? {} : { agent }) }
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
