import { z } from 'zod'
import { MediatorError } from '../../domain/errors.ts'
import { toPieces } from '../../domain/pieces.ts'
import type { Client, Conversation, Session } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Desk, Opened, OpeningRequest, ToAgent } from '../desk.ts'
import { type Account, createAccount } from './account.ts'
import {
  CONFIG_ROUTE,
  closeRoom,
  closeRoomAsUser,
  findOrCreateRoom,
  ROOM_ROUTE,
  type Room,
  readConfig,
  saveVisitor,
  VISITOR_ROUTE,
} from './api.ts'
import { NOT_FOR_VISITORS, Refusal } from './errors.ts'
import { payTogether, yielding } from './limits.ts'
import { lookUp } from './look-up.ts'
import { type Line, sendAttachment, sendText } from './sending.ts'
import type { Settings } from './settings.ts'
import { toVisitor } from './translate.ts'
import { createWebhook } from './webhook.ts'

export function createDesk(settings: Settings, kit: Kit): Desk {
  const account = createAccount(settings, kit)
  const workspace = { site: settings.url, ourselves: settings.user_id }
  const looking = { account, workspace, pacer: yielding(account.limits('GET', CONFIG_ROUTE), kit.clock) }
  return {
    name: kit.name,
    openConversation: (request, call) => openConversation(account, settings, request, call),
    pieces: toPieces,
    sendToAgent: (sending, call) => sendToAgent(account, sending, call),
    closeConversation: (session, _reason, call) => closeConversation(account, settings, session, call),
    lookUp: (session, call) => lookUp(looking, session, toRoom(session.client, session.conversation), call),
    inbound: createWebhook(settings),
  }
}

async function openConversation(
  account: Account,
  settings: Settings,
  request: OpeningRequest,
  call: Call,
): Promise<Opened> {
  const { limits } = account
  const pacers = payTogether(limits('POST', VISITOR_ROUTE), limits('GET', ROOM_ROUTE))
  const { token } = await saveVisitor(account, toVisitor(request, settings), call, pacers.first)
  const room = await findOrCreateRoom(account, token, call, pacers.second)
  return {
    conversation: { id: room._id, state: token === request.client.uuid ? null : { token } },
    state: room.servedBy ? 'assigned' : 'queued',
    agent: room.servedBy?.username,
  }
}

/** The visitor's token, where it is not the client's uuid. */
const conversationState = z.object({ token: z.string() }).nullable()

function toRoom(client: Client, { id, state }: Conversation): Room {
  const { data } = conversationState.safeParse(state)
  return { rid: id, token: data?.token ?? client.uuid }
}

async function sendToAgent(account: Account, sending: ToAgent, call: Call): Promise<void> {
  const { session, messageId, message } = sending
  const line = { account, call, room: toRoom(session.client, session.conversation) }
  for (const [index, piece] of toPieces(message).entries())
    await sendPiece(line, index === 0 ? messageId : `${messageId}a${index}`, piece)
}

async function sendPiece(line: Line, id: string, piece: ToAgent['message']): Promise<void> {
  const [attachment] = piece.attachments
  await (attachment ? sendAttachment(line, id, attachment) : sendText(line, id, piece.text))
}

async function closeConversation(
  account: Account,
  settings: Settings,
  session: Session,
  call: Call,
): Promise<void> {
  const { client, conversation } = session
  const room = conversation
    ? toRoom(client, conversation)
    : await findOpenRoom(account, settings, session, call)
  if (!room) return
  try {
    await closeAsAnyone(account, room, call)
  } catch (error) {
    if (!(error instanceof MediatorError && error.code === 'CONVERSATION_GONE')) throw error
  }
}

async function closeAsAnyone(account: Account, room: Room, call: Call): Promise<void> {
  try {
    await closeRoom(account, room, call)
  } catch (error) {
    const mayUser = error instanceof Refusal && NOT_FOR_VISITORS.has(error.vendorCode ?? '')
    if (!mayUser || !account.login['X-User-Id']) throw error
    await closeRoomAsUser(account, room.rid, call)
  }
}

/** Asked of the configuration: asking for the room itself would create one. */
async function findOpenRoom(
  account: Account,
  settings: Settings,
  session: Session,
  call: Call,
): Promise<Room | undefined> {
  const token = await findToken(account, settings, session, call)
  const { room } = await readConfig(account, token, call)
  return room && { rid: room._id, token }
}

/** A visitor found by phone or e-mail has kept its own token, which only the server can tell. */
async function findToken(
  account: Account,
  settings: Settings,
  { client, department }: Session,
  call: Call,
): Promise<string> {
  const { name: _, ...known } = toVisitor(
    { client, department, results: {} },
    { ...settings, custom_fields: {} },
  )
  if (!known.phone && !known.email) return client.uuid
  return (await saveVisitor(account, known, call)).token
}
