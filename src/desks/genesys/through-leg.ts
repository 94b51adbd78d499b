import { asMediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Desk, Opened, OpeningRequest } from '../desk.ts'
import type { CustomerLeg } from './customer-leg.ts'
import type { Settings } from './settings.ts'
import { toChatRequest, toHistory, toText } from './translate.ts'

export type Talk = Pick<Desk, 'openConversation' | 'sendToAgent' | 'closeConversation'>

/**
 * We are the chat's customer, and Genesys' routing finds an agent. Never is a client's word said through a seat beside it: agents
 * would read it as a colleague's, and at the first transfer that way ends.
 */
export function throughLeg(leg: CustomerLeg, settings: Settings): Talk {
  return {
    openConversation: (request, call) => open(leg, settings, request, call),
    sendToAgent: ({ session, message }, call) => leg.send(session.conversation, toText(message), call),
    async closeConversation({ conversation }, _reason, call) {
      // Without it the answer to the opening got lost: nobody reads that chat, so Genesys ends it.
      if (conversation) await leg.finish(conversation, call).catch(unlessGone)
    },
  }
}

async function open(
  leg: CustomerLeg,
  settings: Settings,
  request: OpeningRequest,
  call: Call,
): Promise<Opened> {
  const conversation = await leg.request(toChatRequest(request, settings), call)
  const history = settings.send_history ? toHistory(request) : ''
  if (history !== '') await leg.send(conversation, history, call).catch(error => logUnsaid(error, call))
  return { conversation, state: 'queued' }
}

function unlessGone(error: unknown): void {
  if (asMediatorError(error).code !== 'CONVERSATION_GONE') throw error
}

/** The chat is there: the client must not be kept from it by words of our own. */
export function logUnsaid(error: unknown, { log }: Call): void {
  log.warn({ reason: asMediatorError(error).message }, 'the results were not shown to the agent')
}
