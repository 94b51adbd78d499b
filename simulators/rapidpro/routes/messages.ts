import type { FastifyInstance } from 'fastify'
import { type Answer, addEndpoint, type Call, type Desk } from '../api.ts'
import {
  type Field,
  FieldError,
  isObject,
  optional,
  readFields,
  readReferences,
  readText,
  required,
} from '../fields.ts'
import { contactReader, mediaReader } from '../lookups.ts'
import type { Message } from '../model.ts'
import { paginate, readRange } from '../pages.ts'
import { badQuery, unfit } from '../refusal.ts'
import { showMessage } from '../views.ts'

const filters = ['contact', 'folder', 'label', 'broadcast'] as const
const newestFirst = (message: Message) => message.id

/** `GET` and, from RapidPro 9 on, `POST messages.json`. */
export function addMessages(app: FastifyInstance, desk: Desk): void {
  const post = desk.workspace.profile.sendsMessages ? (call: Call) => send(desk, call) : undefined
  addEndpoint(app, desk, 'messages', { scope: 'messages', get: list, post })
}

function send({ workspace, sender }: Desk, { body }: Call): Answer {
  const fields = {
    contact: required(contactReader(workspace)),
    text: optional(readText(workspace.settings.textLimit)),
    attachments: optional(readReferences(mediaReader(workspace), 10)),
    ticket: optional(readTicket),
    quick_replies: quickReplies(workspace.profile.name === '26'),
  }
  const { contact, text = '', attachments, quick_replies } = readFields(body, fields)
  if (!text && !attachments?.length) throw unfit('Must provide either text or attachments.')
  const message = sender.create(contact, { text, attachments, quickReplies: quick_replies })
  const shown = showMessage(workspace, message)
  sender.deliver(message)
  return { status: 201, body: shown }
}

function readTicket(value: unknown): never {
  throw new FieldError(`No such object: ${String(value)}`)
}

/** At most 10, each with a text of at most 64 and an extra of at most 1000 characters; ignored before 26. */
function quickReplies(known: boolean): Field<unknown[] | undefined> {
  return optional(known ? readReferences(readQuickReply, 10) : () => undefined)
}

function readQuickReply(value: unknown): unknown {
  if (!isObject(value)) throw new FieldError('Must be a valid JSON object')
  const text = value.text === undefined ? null : readText(64)(value.text)
  const extra = value.extra === undefined ? null : readText(1000)(value.extra)
  return { type: value.type ?? 'text', text, extra }
}

function list(call: Call): Answer {
  const { workspace, query } = call
  if (filters.filter(name => query[name] !== undefined).length > 1) {
    throw badQuery('You may only specify one of the contact, folder, label, broadcast parameters')
  }
  const show = (message: Message) => showMessage(workspace, message)
  return { status: 200, body: paginate(call, { items: select(call), key: newestFirst, show }) }
}

function select({ workspace, query }: Call): Message[] {
  const range = readRange(query)
  if (!range) return []
  const all =
    query.contact === undefined ? workspace.messages : (workspace.messagesByContact.get(query.contact) ?? [])
  return all.filter(one => isListed(one, query, range)).reverse()
}

function isListed(
  message: Message,
  query: Record<string, string>,
  { after, before }: { after: number; before: number },
): boolean {
  if (message.pending || message.createdOn < after || message.createdOn > before) return false
  if (query.id !== undefined && String(message.id) !== query.id) return false
  if (query.broadcast !== undefined && String(message.broadcast) !== query.broadcast) return false
  if (query.label !== undefined) return false
  return query.folder === undefined || isInFolder(message, query.folder.toLowerCase())
}

function isInFolder({ direction, flow, archived, status }: Message, folder: string): boolean {
  const incoming = direction === 'in'
  switch (folder) {
    case 'inbox':
      return incoming && !flow && !archived
    case 'flows':
      return incoming && flow !== null && !archived
    case 'archived':
      return incoming && archived
    case 'incoming':
      return incoming
    case 'outbox':
      return !incoming && status === 'queued'
    case 'sent':
      return !incoming && status === 'sent'
    case 'failed':
      return !incoming && status === 'failed'
    default:
      return false
  }
}
