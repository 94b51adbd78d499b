import { emailOf, phoneOf } from '../../domain/address.ts'
import { groupOf } from '../../domain/department.ts'
import { MediatorError } from '../../domain/errors.ts'
import type { Attachment, Message } from '../../domain/message.ts'
import { isFile, toLink } from '../../domain/pieces.ts'
import type { OpeningRequest } from '../desk.ts'
import type { QueueBody, UserItem } from './api.ts'
import { toHash } from './hash.ts'
import type { Settings } from './settings.ts'
import type { SaidItem } from './wire.ts'

/** A conversation to be queued. Throws UNKNOWN_DEPARTMENT. */
export function toQueueBody(request: OpeningRequest, settings: Settings): QueueBody {
  return {
    botId: settings.bot_id,
    groupsId: [toGroup(request.department, settings.groups)],
    botToken: settings.bot_token,
    protocolId: settings.protocol_id,
    user: toUser(request, settings),
    status: 'queued',
    lastSender: 'user',
  }
}

/** Without a table a department that is a whole number is the group itself. */
function toGroup(department: string, groups: Settings['groups']): number {
  if (groups) return groupOf(groups, department)
  if (/^\d{1,15}$/.test(department)) return Number(department)
  throw new MediatorError(
    'UNKNOWN_DEPARTMENT',
    `the department "${department}" is no number of a group: give it a line in the desk's groups`,
  )
}

/** What is not known is null: that is how the vendor's sample has it. */
function toUser({ client, results }: OpeningRequest, settings: Settings): QueueBody['user'] {
  const phone = (settings.send_phone && phoneOf(client.urn)?.replace(/\D/g, '')) || null
  const [first, ...others] = client.name?.split(/\s+/).filter(part => part !== '') ?? []
  return {
    hash: toHash(client.uuid),
    firstname: first ?? phone ?? 'Client',
    lastname: others.join(' ') || null,
    username: null,
    email: (settings.send_email && emailOf(client.urn)) || null,
    phone,
    picture: null,
    extra: toExtra(results, settings.extra_shape),
  }
}

/** Beside a conversation there is room for a few words, not for a form. */
const LONGEST_EXTRA = 250

/** Empty it is a list in either shape, as in the vendor's sample. */
function toExtra(
  results: Record<string, string>,
  shape: Settings['extra_shape'],
): QueueBody['user']['extra'] {
  const entries = Object.entries(results).flatMap(([name, value]) => {
    const said = shorten(value.trim())
    return name.trim() === '' || said === '' ? [] : [[name, said] as const]
  })
  if (shape === 'object' && entries.length > 0) return Object.fromEntries(entries)
  return entries.map(([name, value]) => ({ [name]: value }))
}

function shorten(text: string): string {
  const letters = [...text]
  return letters.length <= LONGEST_EXTRA ? text : `${letters.slice(0, LONGEST_EXTRA - 1).join('')}…`
}

/** One piece of what the client says. There is no action for sound and film: they are files [I]. */
export function toItem({ text, attachments: [attachment] }: Message): UserItem {
  if (!attachment) return { action: 'text', value: text, source: 'user' }
  if (!isFile(attachment)) return { action: 'text', value: toLink(attachment), source: 'user' }
  const action = /^image(\/|$)/i.test(attachment.contentType) ? 'image' : 'file'
  return { action, value: attachment.url, source: 'user' }
}

/** Bare kinds: what the bytes really are is known to whoever fetches them. */
const FILE_TYPES: ReadonlyMap<string, string> = new Map([
  ['image', 'image'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['file', 'application/octet-stream'],
])

/** What the agent said; undefined when there is nothing in it for the client. Of unknown kinds the words are kept [I]. */
export function fromItem({ action, type, value, text }: SaidItem): Message | undefined {
  const said = value?.trim() || text?.trim() || ''
  const attachment = toAttachment((action ?? type ?? 'text').toLowerCase(), said)
  if (!attachment) return said === '' ? undefined : { text: said, attachments: [] }
  const caption = text?.trim() ?? ''
  return { text: caption === said ? '' : caption, attachments: [attachment] }
}

function toAttachment(kind: string, url: string): Attachment | undefined {
  const contentType = FILE_TYPES.get(kind)
  const attachment = contentType === undefined ? undefined : { contentType, url }
  return attachment && isFile(attachment) ? attachment : undefined
}
