import type { FastifyInstance } from 'fastify'
import { refusePlainly, refuseSilently, refuseWithCode, succeed } from '../envelope.ts'
import { fileUploadOf } from '../file-links.ts'
import { changeMessage, removeMessage, saveMessage } from '../messages.ts'
import { findRoom } from '../rooms.ts'
import { schemas } from '../schemas.ts'
import { messagesOf } from '../state.ts'
import type { Message, Room, Visitor } from '../types.ts'
import { findVisitor } from '../visitors.ts'
import type { Workspace } from '../workspace.ts'

type OfRoom = { token: string; rid: string }
type NewMessage = OfRoom & { msg: string; _id?: string | null }
type ById = { Params: { _id: string } }
type History = { token: string; limit?: number; offset?: number; ls?: string; end?: string }

export function addMessageRoutes(app: FastifyInstance, workspace: Workspace): void {
  const path = '/livechat/message/:_id'
  app.post<{ Body: NewMessage }>('/livechat/message', { schema: { body: schemas.message } }, async request =>
    succeed({ message: await takeMessage(workspace, request.body) }),
  )
  app.get<ById & { Querystring: OfRoom }>(path, { schema: { querystring: schemas.messageQuery } }, request =>
    succeed({
      message: withUpload(workspace, findMessage(workspace, request.query, request.params._id).message),
    }),
  )
  app.put<ById & { Body: NewMessage }>(path, { schema: { body: schemas.messageEdit } }, async request => {
    if (!workspace.settings.Message_AllowEditing) throw notAllowed('Message editing not allowed')
    const { room, message, visitor } = findMessage(workspace, request.body, request.params._id)
    if (message.u._id !== visitor._id) throw notAllowed('Message editing not allowed')
    await changeMessage(workspace, room, message, request.body.msg)
    return succeed({ message })
  })
  app.delete<ById & { Body: OfRoom }>(path, { schema: { body: schemas.messageRemoval } }, request => {
    if (!workspace.settings.Message_AllowDeleting) throw notAllowed('Message deleting not allowed')
    const { message } = findMessage(workspace, request.body, request.params._id)
    removeMessage(workspace, message)
    return succeed({ message: { _id: message._id, ts: message.ts } })
  })
  addHistoryRoute(app, workspace)
}

function notAllowed(reason: string) {
  return refuseWithCode('error-action-not-allowed', reason)
}

async function takeMessage(workspace: Workspace, body: NewMessage): Promise<Message> {
  const visitor = findVisitor(workspace, body.token)
  const room = findRoom(workspace, body.token, body.rid)
  if (!room.open) throw refusePlainly('room-closed')
  checkLength(workspace, body.msg)
  const stored = body._id ? workspace.state.messages.get(body._id) : undefined
  if (stored) return answerRepeat(workspace, stored)
  return saveMessage(workspace, room, {
    ...(body._id && { _id: body._id }),
    msg: body.msg,
    ...authorship(visitor),
  })
}

/** What marks a message as the visitor's own. */
export function authorship({ _id, username, name, token }: Visitor) {
  return { token, ...(name && { alias: name }), u: { _id, username, ...(name && { name }) } }
}

function checkLength({ settings }: Workspace, msg: string): void {
  if (!settings.Livechat_enable_message_character_limit) return
  if (msg.length > settings.Livechat_message_character_limit)
    throw refusePlainly('message-length-exceeds-character-limit')
}

/** The same `_id` again: never stored twice, but told differently by each release. */
function answerRepeat({ traits }: Workspace, stored: Message): Message {
  if (traits.repeatedMessageId === 'stored') return stored
  if (traits.repeatedMessageId === 'failure') throw refuseSilently()
  throw refusePlainly('Cannot convert undefined or null to object')
}

type Found = { visitor: Visitor; room: Room; message: Message }

function findMessage(workspace: Workspace, { token, rid }: OfRoom, id: string): Found {
  const visitor = findVisitor(workspace, token)
  const room = findRoom(workspace, token, rid)
  const message = workspace.state.messages.get(id)
  if (message?.rid !== rid) throw refusePlainly('invalid-message')
  return { visitor, room, message }
}

function withUpload(workspace: Workspace, message: Message) {
  const fileUpload = fileUploadOf(workspace, message.file)
  return fileUpload ? { ...message, fileUpload } : message
}

function addHistoryRoute(app: FastifyInstance, workspace: Workspace): void {
  const text = { type: 'string', nullable: true }
  const { properties } = schemas.history
  const querystring = workspace.traits.errorObjects
    ? { ...schemas.history, properties: { ...Object(properties), limit: text, offset: text, count: text } }
    : schemas.history
  app.get<{ Params: { rid: string }; Querystring: History }>(
    '/livechat/messages.history/:rid',
    { schema: { querystring } },
    request => {
      findVisitor(workspace, request.query.token)
      const room = findRoom(workspace, request.query.token, request.params.rid)
      return succeed({ messages: pageOf(workspace, room, request.query) })
    },
  )
}

/** Newest first, system messages included. `ls` leaves nothing out: the vendor counts by it what is unread. */
function pageOf(workspace: Workspace, room: Room, { limit = 20, offset = 0, end }: History) {
  const isWithin = ({ ts }: Message) => !end || Date.parse(ts) < Date.parse(end)
  const newestFirst = messagesOf(workspace.state, room._id)
    .filter(isWithin)
    .sort((one, other) => Date.parse(one.ts) - Date.parse(other.ts))
    .reverse()
  const from = Number(offset)
  return newestFirst.slice(from, from + Number(limit)).map(message => withUpload(workspace, message))
}
