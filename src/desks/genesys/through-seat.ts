import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Opened, OpeningRequest } from '../desk.ts'
import type { Seat } from './seat/index.ts'
import type { Settings } from './settings.ts'
import { logUnsaid, type Talk } from './through-leg.ts'
import { toHistory, toText } from './translate.ts'

/** Without a part as customer: our seat takes up an interaction that is there, brings an agent in, and stays to speak. */
export function throughSeat(seat: Seat, settings: Settings): Talk {
  return {
    openConversation: (request, call) => takeUp(seat, settings, request, call),
    sendToAgent: ({ session, message }, call) => seat.say(session.conversation.id, toText(message), call),
    async closeConversation({ conversation }, _reason, call) {
      if (conversation) await seat.finish(conversation.id, call)
    },
  }
}

async function takeUp(seat: Seat, settings: Settings, request: OpeningRequest, call: Call): Promise<Opened> {
  const { conversation: interaction, department } = request
  if (interaction === undefined)
    throw new MediatorError(
      'INVALID',
      'this desk only takes up interactions that are there already: say which one in interactionId',
    )
  await seat.accept(interaction, call).catch(error => refuseUnknown(error, interaction))
  const history = settings.send_history ? toHistory(request) : ''
  if (history !== '') await seat.say(interaction, history, call).catch(error => logUnsaid(error, call))
  await seat.handOver(interaction, department, call)
  return { conversation: { id: interaction, state: { leg: 'seat' } }, state: 'queued' }
}

/** To who registers a client it is their mistake, and no conversation that has ended. */
function refuseUnknown(error: unknown, interaction: string): never {
  if (!(error instanceof MediatorError) || error.code !== 'CONVERSATION_GONE') throw error
  throw new MediatorError('INVALID', `interactionId: the desk knows no interaction "${interaction}"`)
}
