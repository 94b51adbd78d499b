import { newId } from './ids.ts'
import { saveVisitor } from './state.ts'
import type { Message, Person, Room, Visitor } from './types.ts'
import { isoNow, type Workspace } from './workspace.ts'

export type Draft = Partial<Message> & { msg: string; u: Person }

/** Stores what a person wrote and announces it; the room's own dates follow after the webhook is made up. */
export async function saveMessage(workspace: Workspace, room: Room, draft: Draft): Promise<Message> {
  const message = store(workspace, room, draft)
  const announced = workspace.announce('Message', room, { messages: [message] })
  room.lm = message.ts
  if (message.token) captureLead(workspace, room, message)
  else delete room.waitingResponse
  await announced
  return message
}

/** Stores a message of the server itself (`t`), which no webhook announces. */
export function saveSystemMessage(
  workspace: Workspace,
  room: Room,
  t: string,
  { _id, username, name }: Person,
  msg = '',
  more: Partial<Message> = {},
): Message {
  return store(workspace, room, { t, msg, u: { _id, username, ...(name && { name }) }, ...more })
}

function store(workspace: Workspace, room: Room, draft: Draft): Message {
  const { state, fast } = workspace
  const now = isoNow(workspace)
  const parsed = fast || draft.t ? {} : { urls: [], mentions: [], channels: [], md: parse(draft.msg) }
  const message: Message = { _id: newId(), rid: room._id, ts: now, _updatedAt: now, ...parsed, ...draft }
  state.messages.set(message._id, message)
  const list = state.index.messagesByRoom.get(room._id)
  if (list) list.push(message)
  else state.index.messagesByRoom.set(room._id, [message])
  room.msgs += 1
  if (message.token && !message.t) state.counts.visitorMessages += 1
  return message
}

function parse(msg: string): unknown[] {
  return [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: msg }] }]
}

/** Gives a stored message another text, and announces it again with `editedAt`. */
export async function changeMessage(workspace: Workspace, room: Room, message: Message, msg: string) {
  const now = isoNow(workspace)
  Object.assign(message, { msg, editedAt: now, _updatedAt: now }, message.md && { md: parse(msg) })
  await workspace.announce('Message', room, { messages: [message] })
}

export function removeMessage({ state }: Workspace, message: Message): void {
  state.messages.delete(message._id)
  const list = state.index.messagesByRoom.get(message.rid)
  list?.splice(list.indexOf(message), 1)
}

const emailPattern = /\b[\w.%+-]+@(?:[\w-]+\.)+[a-z]{2,}\b/gi
const phonePattern = /(?:(?:\([0-9]{1,3}\)|[0-9]{2})[ -]*)?[0-9]{4,5}[-\s_]{0,2}[0-9]{4}(?=[^0-9]|$)/g

/** Phone numbers and addresses in a visitor's text are added to the visitor, and so to later matches. */
function captureLead(workspace: Workspace, room: Room, { msg }: Message): void {
  const emails = msg.match(emailPattern) ?? []
  const phones = msg.match(phonePattern) ?? []
  const found = emails.length + phones.length > 0
  const visitor = workspace.state.visitors.get(room.v._id)
  if (found && visitor) addContacts(workspace, visitor, phones, emails)
  if (found || workspace.traits.leadCaptureOnEveryMessage) void workspace.announce('LeadCapture', room)
}

function addContacts({ state }: Workspace, visitor: Visitor, phones: string[], emails: string[]): void {
  const phone = [...(visitor.phone ?? []), ...phones.map(phoneNumber => ({ phoneNumber }))]
  const visitorEmails = [...(visitor.visitorEmails ?? []), ...emails.map(address => ({ address }))]
  saveVisitor(
    state,
    Object.assign(visitor, phones.length > 0 && { phone }, emails.length > 0 && { visitorEmails }),
  )
}
