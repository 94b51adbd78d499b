import { z } from 'zod'
import { MediatorError } from '../../domain/errors.ts'
import type { Message } from '../../domain/message.ts'
import { isFile, toLink, toPieces } from '../../domain/pieces.ts'
import type { Conversation, EndReason, Session } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Desk, Opened, OpeningRequest, ToAgent } from '../desk.ts'
import { type Account, createAccount, type Form } from './account.ts'
import { createTicket, sendMedia, sendMessage } from './api.ts'
import type { Settings } from './settings.ts'
import { stableId, toMedia, toMessageForm, toNewTicket, toThread } from './translate.ts'
import { createWebhook } from './webhook.ts'

export function createDesk(settings: Settings, kit: Kit): Desk {
  const account = createAccount(settings, kit)
  return {
    name: kit.name,
    openConversation: (request, call) => openConversation(account, settings, request, call),
    pieces: toPieces,
    sendToAgent: (sending, call) => sendToAgent(account, settings, sending, call),
    closeConversation: (session, reason, call) => closeConversation(account, settings, session, reason, call),
    inbound: createWebhook(settings),
  }
}

/**
 * After a lost answer the same messageId is sent again, by which a desk can tell the repeat. Inferred: the specification
 * asks no desk to, and nothing can be looked up, so at one that does not a second ticket is opened and the first orphaned.
 *
 * Always `queued`: "agent available" is said of tickets that are assigned as well as of those that are only open, and
 * names no agent. `ticket-assigned`, or the agent's first word, makes it `assigned`.
 */
async function openConversation(
  account: Account,
  settings: Settings,
  request: OpeningRequest,
  call: Call,
): Promise<Opened> {
  const thread = toThread(request.session, request.client, settings)
  const id = await createTicket(account, toNewTicket(request, thread, settings), call)
  return { conversation: { id, state: thread }, state: 'queued' }
}

const conversationState = z.object({ conversationId: z.string(), source: z.string() })

async function sendToAgent(
  account: Account,
  settings: Settings,
  sending: ToAgent,
  call: Call,
): Promise<void> {
  const { session, messageId, message } = sending
  for (const [index, piece] of toPieces(message).entries()) {
    const id = index === 0 ? messageId : `${messageId}a${index}`
    await sendPiece(account, toForm(session, session.conversation, id, settings), piece, call)
  }
}

function toForm(session: Session, { id, state }: Conversation, messageId: string, settings: Settings): Form {
  const { data } = conversationState.safeParse(state)
  const thread = data ?? toThread(session.id, session.client, settings)
  return toMessageForm(session.client, { ...thread, messageId, ticketId: id }, settings)
}

/** What has no bytes to fetch, such as a place, goes as text. */
async function sendPiece(account: Account, form: Form, piece: Message, call: Call): Promise<void> {
  const [attachment] = piece.attachments
  if (attachment && isFile(attachment)) await sendMedia(account, form, toMedia(attachment), call)
  else await sendMessage(account, form, attachment ? toLink(attachment) : piece.text, call)
}

/** The desk knows. */
const ENDED_THERE: ReadonlySet<EndReason> = new Set(['agent', 'gone'])

/**
 * There is no call to close a ticket: the agent can be told, and closes it by hand. A ticket whose opening got no answer
 * has an id we do not know, and nothing can be done about it.
 */
async function closeConversation(
  account: Account,
  settings: Settings,
  session: Session,
  reason: EndReason,
  call: Call,
): Promise<void> {
  const { id, conversation } = session
  const { client_left_text: text } = settings
  if (text === '' || !conversation || ENDED_THERE.has(reason)) return
  const form = toForm(session, conversation, stableId(`${id}/left`), settings)
  try {
    await sendMessage(account, form, text, call)
  } catch (error) {
    if (!(error instanceof MediatorError) || error.transient) throw error
    call.log.info({ desk: account.name, reason: error.message }, 'the desk was not told of the end')
  }
}
