import type { Opened, OpeningRequest } from '../desks/desk.ts'
import { asMediatorError, MediatorError } from '../domain/errors.ts'
import type { Opening } from '../domain/mailbox.ts'
import type { Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Outcome, Work } from '../store/store.ts'
import type { Sides } from './sides.ts'

/** All desks together must have answered by then: while the registering caller waits, and before it may be told "queued". */
const OPENING_BUDGET_MS = 7_500

/** Why no desk opened it, and which of them may have done so all the same. */
class OpeningRefused extends MediatorError {
  readonly leftovers: string[]

  constructor(refusal: MediatorError, leftovers: string[]) {
    super(refusal.code, refusal.message, refusal)
    this.leftovers = leftovers
  }
}

/** Asks each desk of the opening in turn; another one is asked when a desk has nobody or is down. Throws OpeningRefused with
 *  the first refusal. */
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
      const answer = checked(await sides.desk(name).openConversation(request, { ...call, signal }))
      return opened(name, answer, doubtful)
    } catch (error) {
      const refusal = namingDesk(asMediatorError(error), name)
      refusals.push(refusal)
      if (refusal.uncertain) doubtful.push(name)
      const { code, message: reason } = refusal
      call.log.warn({ session: session.id, desk: name, code, reason }, 'not opened')
      if (!isElsewhereWorthTrying(refusal, refusals.length > 1)) break
    }
  }
  throw new OpeningRefused(refusals[0] as MediatorError, doubtful)
}

/** Ids are kept and compared as they are; no desk's has such characters. */
function checked(answer: Opened): Opened {
  if (!/\p{Cc}/u.test(answer.conversation.id)) return answer
  throw new MediatorError('REJECTED', 'the desk gave the conversation an id with control characters')
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

function opened(desk: string, { conversation, state, agent }: Opened, leftovers: string[]): Outcome {
  return { kind: 'opened', desk, conversation, state, leftovers, ...(agent === undefined ? {} : { agent }) }
}

/** The desks of an opening that failed for good which may have carried it out, now or at an earlier attempt. */
export function leftoversOf({ head, attempts, turn }: Work, error: MediatorError): string[] {
  if (head.kind !== 'open') return []
  if (!(error instanceof OpeningRefused)) return error.uncertain ? head.opening.desks : []
  const triedBefore = attempts.count > 0 || turn.fence > 1
  return triedBefore ? head.opening.desks : error.leftovers
}
