import { randomUUID } from 'node:crypto'
import type { Context } from './evaluator.ts'
import { evaluateTemplate } from './expressions.ts'
import { createLoopGuard, type LoopGuard } from './loop-guard.ts'
import type { Attachment, Broadcast, Contact, Message, Reference } from './model.ts'
import { append, type PhoneMessage } from './phone.ts'
import { parseUrn, showUrn } from './urns.ts'
import { count, findOrAddByUrn, memoryOf, type Workspace } from './workspace.ts'

type Outgoing = {
  text: string
  attachments?: Attachment[]
  quickReplies?: unknown[]
  broadcast?: number
  flow?: Reference | null
}
export type HistoryLine = { from: 'client' | 'bot'; text: string; attachments?: Attachment[]; at?: number }
export type PhoneListener = (contact: string, message: PhoneMessage) => void

/** Makes messages and puts them on phones. */
export type Sender = {
  /** An outgoing message, `queued` or `failed`; on the phone once `deliver` is called. */
  create(contact: Contact, outgoing: Outgoing): Message
  deliver(message: Message): void
  /** What a flow says: created and delivered. */
  say(contact: Contact, outgoing: Outgoing): Message
  /** A message from the client, pending until the flow has handled it. */
  receive(contact: Contact, text: string, attachments: Attachment[]): Message
  /** A line said earlier, by the client or the bot: in the API's list, not put on the phone now. */
  remember(contact: Contact, line: HistoryLine): Message
  /** Evaluates a broadcast for each of its contacts and delivers it. */
  broadcast(broadcast: Broadcast): void
  listeners: Set<PhoneListener>
}

export function createSender(workspace: Workspace): Sender {
  const guard = createLoopGuard(workspace.now)
  const listeners = new Set<PhoneListener>()
  const create = (contact: Contact, outgoing: Outgoing) => createOut(workspace, guard, contact, outgoing)
  const deliver = (message: Message) => deliverOut(workspace, listeners, message)
  const receive = (contact: Contact, text: string, attachments: Attachment[]) =>
    createIn(workspace, contact, text, attachments)
  const say = (contact: Contact, outgoing: Outgoing) => {
    const message = create(contact, outgoing)
    deliver(message)
    return message
  }
  return {
    create,
    deliver,
    say,
    receive,
    remember: (contact, line) => {
      const message =
        line.from === 'bot' ? create(contact, line) : receive(contact, line.text, line.attachments ?? [])
      return settle(message, line.at)
    },
    broadcast: broadcast => sendBroadcast(workspace, say, broadcast),
    listeners,
  }
}

function createOut(workspace: Workspace, guard: LoopGuard, contact: Contact, outgoing: Outgoing): Message {
  const failure = findFailure(contact) ?? (guard.repeats(contact.uuid, outgoing.text) ? 'looping' : null)
  const message: Message = {
    ...base(workspace, contact),
    direction: 'out',
    status: failure === null ? 'queued' : 'failed',
    failure,
    text: outgoing.text,
    attachments: outgoing.attachments ?? [],
    quickReplies: outgoing.quickReplies ?? [],
    broadcast: outgoing.broadcast ?? null,
    flow: outgoing.flow ?? null,
    pending: false,
  }
  return keep(workspace, message)
}

function createIn(workspace: Workspace, contact: Contact, text: string, attachments: Attachment[]): Message {
  contact.lastSeenOn = workspace.now()
  const incoming = { direction: 'in', status: 'handled', failure: null, pending: true } as const
  const rest = { text, attachments, quickReplies: [], broadcast: null, flow: contact.flow }
  return keep(workspace, { ...base(workspace, contact), ...incoming, ...rest })
}

function base(workspace: Workspace, contact: Contact) {
  return {
    id: workspace.nextId(),
    uuid: workspace.fast ? '' : randomUUID(),
    contact,
    urn: contact.urns[0] ?? null,
    archived: false,
    createdOn: workspace.now(),
    sentOn: null,
  }
}

/** mailroom core/models/msgs.go: what makes a message unsendable before it is tried. */
function findFailure(contact: Contact): string | null {
  if (contact.status !== 'active') return 'contact'
  return contact.urns.length === 0 ? 'no_destination' : null
}

function keep(workspace: Workspace, message: Message): Message {
  const limit = memoryOf(workspace.fast)
  const own = workspace.messagesByContact.get(message.contact.uuid) ?? []
  workspace.messagesByContact.set(message.contact.uuid, own)
  append(own, message, limit)
  append(workspace.messages, message, limit)
  count(workspace, message.direction === 'in' ? 'received' : 'messages')
  return message
}

function deliverOut(workspace: Workspace, listeners: Set<PhoneListener>, message: Message): void {
  if (message.status === 'failed') return
  const at = workspace.now()
  message.status = 'sent'
  message.sentOn = at
  const via = message.broadcast !== null ? 'broadcast' : message.flow ? 'flow' : 'message'
  const seen: PhoneMessage = {
    id: message.id,
    text: message.text,
    attachments: message.attachments,
    via,
    at,
  }
  workspace.phones.deliver(message.contact.uuid, seen)
  for (const listener of listeners) listener(message.contact.uuid, seen)
}

/** Makes a message look handled, or sent, at a time. */
function settle(message: Message, at = message.createdOn): Message {
  message.pending = false
  message.createdOn = at
  if (message.status !== 'queued') return message
  message.status = 'sent'
  message.sentOn = at
  return message
}

function sendBroadcast(workspace: Workspace, say: Sender['say'], broadcast: Broadcast): void {
  for (const contact of recipientsOf(workspace, broadcast)) {
    const language = contact.language ?? ''
    const template = broadcast.text[language] ?? broadcast.text[broadcast.baseLanguage] ?? ''
    const attachments = broadcast.attachments[language] ?? broadcast.attachments[broadcast.baseLanguage] ?? []
    const text = evaluateTemplate(template, describe(workspace, contact))
    if (text !== '' || attachments.length > 0) say(contact, { text, attachments, broadcast: broadcast.id })
  }
  broadcast.status = 'sent'
}

function recipientsOf(workspace: Workspace, broadcast: Broadcast): Set<Contact> {
  const named = broadcast.urns.map(urn => findOrAddByUrn(workspace, urn))
  const grouped = [...workspace.contacts.values()].filter(contact =>
    contact.groups.some(group => broadcast.groups.some(({ uuid }) => uuid === group.uuid)),
  )
  return new Set([...broadcast.contacts, ...named, ...grouped])
}

/** What expressions can read about a contact and its workspace. */
function describe(workspace: Workspace, contact: Contact): Context {
  const hidden = workspace.settings.hideUrns
  const urns: Context = {}
  for (const urn of contact.urns) urns[parseUrn(urn)?.scheme ?? ''] ??= showUrn(urn, hidden)
  const urn = contact.urns[0] === undefined ? null : showUrn(contact.urns[0], hidden)
  const first = contact.name?.split(' ', 1)[0] ?? ''
  const fields = { ...contact.fields }
  const { uuid, name, language } = contact
  const self = { __default__: name ?? urn, uuid, name: name ?? '', first_name: first, language, urn, fields }
  return { contact: self, fields, globals: workspace.globals, urns }
}
