import { asMediatorError } from '../../domain/errors.ts'
import { toPieces } from '../../domain/pieces.ts'
import type { Session } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Desk, Opened, OpeningRequest, ToAgent } from '../desk.ts'
import { type Account, postClosing, postMessage, queueConversation } from './api.ts'
import type { Settings } from './settings.ts'
import { toItem, toQueueBody } from './translate.ts'
import { createWebhook } from './webhook.ts'

export function createDesk(settings: Settings, kit: Kit): Desk {
  const account = { ...kit, url: settings.url, headers: settings.headers }
  return {
    name: kit.name,
    openConversation: (request, call) => openConversation(account, settings, request, call),
    pieces: toPieces,
    sendToAgent: (sending, call) => sendToAgent(account, sending, call),
    closeConversation: (session, _reason, call) => closeConversation(account, settings, session, call),
    inbound: createWebhook(settings),
  }
}

/**
 * After an answer that got lost a second conversation is queued, and the first one waits there until Aivo's own timers close
 * it: the API takes no id of ours, and finds no conversation. What an agent says in the first one reaches nobody.
 */
async function openConversation(
  account: Account,
  settings: Settings,
  request: OpeningRequest,
  call: Call,
): Promise<Opened> {
  const id = await queueConversation(account, toQueueBody(request, settings), call)
  return { conversation: { id, state: null }, state: 'queued' }
}

async function sendToAgent(account: Account, { session, message }: ToAgent, call: Call): Promise<void> {
  const room = { id: session.conversation.id, waiting: session.state === 'queued' }
  for (const piece of toPieces(message)) await postMessage(account, room, toItem(piece), call)
}

/** Without a documented call to close, an agent is told as far as the settings say how; else Aivo's own timers do it. */
async function closeConversation(
  account: Account,
  settings: Settings,
  { id: session, conversation }: Session,
  call: Call,
): Promise<void> {
  const { close_path, client_left_text } = settings
  if (!conversation) {
    call.log.warn({ desk: account.name, session }, 'a conversation may wait at the desk for nobody')
    return
  }
  try {
    if (close_path) await postClosing(account, conversation.id, close_path, call)
    else if (client_left_text) await sayClientLeft(account, conversation.id, client_left_text, call)
  } catch (error) {
    const { code, message } = asMediatorError(error)
    if (code !== 'CONVERSATION_GONE') throw error
    // Also what a wrong close_path is answered.
    call.log.info({ desk: account.name, session, reason: message }, 'nothing to close')
  }
}

function sayClientLeft(account: Account, id: string, text: string, call: Call): Promise<void> {
  // Nobody waits for it: a client who has left must not be kept, nor the bot, until an agent comes.
  const room = { id, waiting: false }
  return postMessage(account, room, { action: 'text', value: text, source: 'user' }, call)
}
