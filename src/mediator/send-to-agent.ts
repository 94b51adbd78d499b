import type { Message } from '../domain/message.ts'
import type { Client } from '../domain/session.ts'
import type { Clock } from '../lib/clock.ts'
import { type Answer, answerFor, BOT_BUDGET_MS, refuseEnded } from './answer.ts'
import { entryIdOf, newEntryId } from './ids.ts'
import type { Pipeline } from './pipeline.ts'

export type SendRequest = {
  client: Client
  /** The sender's own id of the message, if it has one. */
  id?: string | undefined
  message: Message
  simulation: boolean
}

/** client ──► agent: into the session's mailbox, and from there to the desk. */
export async function sendToAgent(
  { pipeline, clock }: { pipeline: Pipeline; clock: Clock },
  request: SendRequest,
): Promise<Answer> {
  if (request.simulation) return { word: 'success', msg: 'simulated: nothing was sent' }
  const dedupe = request.id === undefined ? {} : { dedupe: entryIdOf(request.id) }
  const { acceptance, report } = await pipeline.post(
    {
      to: { by: 'client', userid: request.client.uuid },
      direction: 'to_agent',
      ...dedupe,
      entries: [
        { id: dedupe.dedupe ?? newEntryId(), at: clock.now(), kind: 'message', message: request.message },
      ],
    },
    BOT_BUDGET_MS,
  )
  if (acceptance.outcome === 'ended') refuseEnded(acceptance.session, clock.now())
  return answerFor(report, 'delivered to the desk', 'kept; it is delivered as soon as the desk takes it')
}
