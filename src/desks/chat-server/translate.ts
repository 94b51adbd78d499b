import { createHash } from 'node:crypto'
import { emailOf, phoneOf } from '../../domain/address.ts'
import { groupOf } from '../../domain/department.ts'
import type { Message } from '../../domain/message.ts'
import { isFile, toLink } from '../../domain/pieces.ts'
import type { Client } from '../../domain/session.ts'
import type { OpeningRequest } from '../desk.ts'
import { fillTemplate } from '../template.ts'
import type { InitBody } from './api.ts'
import type { Seat } from './seat.ts'
import type { Settings } from './settings.ts'

/** What a conversation is opened with. Throws UNKNOWN_DEPARTMENT. */
export function toInitBody(request: OpeningRequest, settings: Settings, now: number): InitBody {
  const { session, client, department } = request
  const phone = settings.send_phone ? (phoneOf(client.urn) ?? '') : ''
  return {
    ...toNames(client, settings.client_name),
    email: settings.send_email ? (emailOf(client.urn) ?? '') : '',
    phone,
    channel: toChannel(client.urn, settings.channels),
    ...(settings.language && { language: settings.language }),
    refId: phone || client.uuid,
    subject: settings.groups ? groupOf(settings.groups, department) : department,
    comment: toComment(request, settings),
    requestId: toRequestId(session),
    timestamp: new Date(now).toISOString(),
  }
}

function toNames({ name = '' }: Client, nameless: string): { firstName: string; lastName: string } {
  const [firstName = '', ...others] = name.trim().split(/\s+/)
  return { firstName: firstName || nameless, lastName: others.join(' ') }
}

function toChannel(urn: string | undefined, channels: Settings['channels']): string {
  const scheme = urn?.split(':', 1)[0] ?? ''
  const own = Object.hasOwn(channels, scheme) ? channels[scheme] : undefined
  return own ?? channels.default ?? 'web'
}

function toComment(request: OpeningRequest, { comment, send_results }: Settings): string {
  const results = Object.entries(request.results).map(([name, value]) => `${name}: ${value}`)
  return [fillTemplate(comment, request), ...(send_results ? results : [])].filter(Boolean).join('\n')
}

/** A GUID that is the same for every repeat of one opening, and of no other. */
function toRequestId(session: string): string {
  const hex = createHash('sha256').update(`chat-server/${session}`).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** A ChatMessage as it is sent [D keys]; `id` is not documented for what is sent [I], and lets us know it in a replay. */
export type ChatMessage = {
  id: string
  conversationId: string
  type: 'ChatMessage'
  from: { id: string; name: string }
  to: []
  text: string
  refId: string
  attachments: { type: string; name: string; contentUrl: string; thumbnailUrl: string }[]
  tag: ''
  /** ISO 8601 [O]. */
  timestamp: string
}

/** One piece of a message: a text, or a file, which goes by its address; what has none on the web goes as text. */
export function toChatMessage(
  { conversation, participant, name, refId }: Seat,
  id: string,
  { text, attachments: [file] }: Message,
  now: number,
): ChatMessage {
  return {
    id,
    conversationId: conversation,
    type: 'ChatMessage',
    from: { id: participant, name },
    to: [],
    text: file && !isFile(file) ? toLink(file) : text,
    refId,
    attachments:
      file && isFile(file)
        ? [{ type: file.contentType, name: file.name ?? '', contentUrl: file.url, thumbnailUrl: '' }]
        : [],
    tag: '',
    timestamp: new Date(now).toISOString(),
  }
}
