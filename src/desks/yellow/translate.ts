import { hash } from 'node:crypto'
import { emailOf, phoneOf } from '../../domain/address.ts'
import { groupOf } from '../../domain/department.ts'
import type { Attachment } from '../../domain/message.ts'
import type { Client } from '../../domain/session.ts'
import type { OpeningRequest } from '../desk.ts'
import type { Form } from './account.ts'
import type { MediaJson } from './api.ts'
import type { Settings } from './settings.ts'

/** What every call about a conversation repeats. */
export type Thread = { conversationId: string; source: string }

export function toThread(session: string, { urn }: Client, { source }: Settings): Thread {
  const scheme = /^([^:]+):/.exec(urn ?? '')?.[1] ?? 'web'
  return { conversationId: session, source: source === 'auto' ? scheme : source }
}

/**
 * The ticket an opening becomes. Mandatory fields are always there, empty where nothing is known. The samples leave
 * `messageId` out, its place is inferred. Throws UNKNOWN_DEPARTMENT.
 */
export function toNewTicket(request: OpeningRequest, thread: Thread, settings: Settings): Form {
  const { session, client, department, results } = request
  const { groups, priority, category, send_history } = settings
  const history = Object.entries(results).map(([name, value]) => ({ name, value }))
  return {
    user: { ...toUser(client, settings), userMobile: toMobile(client, settings) },
    ticket: {
      conversationHistory: toHistoryUrl(request, settings),
      ...thread,
      messageId: stableId(`${session}/open`),
      ticketPriority: priority,
      ticketCategory: category,
      ticketGroupId: groups ? groupOf(groups, department) : department,
      customFields: results,
      conversationHistoryJSON: send_history && history.length > 0 ? history : undefined,
    },
  }
}

function toUser(client: Client, settings: Settings): Record<'senderId' | 'userName' | 'userEmail', string> {
  const email = settings.send_email ? emailOf(client.urn) : undefined
  return {
    senderId: client.uuid,
    userName: client.name?.trim() || settings.default_name,
    userEmail: email ?? settings.default_email,
  }
}

/** All of a message but what is said. Here an e-mail address is optional. */
export function toMessageForm(
  client: Client,
  ticket: Thread & { ticketId: string; messageId: string },
  settings: Settings,
): Form {
  const { userEmail, ...user } = toUser(client, settings)
  return { user: { ...user, userEmail: userEmail || undefined }, ticket }
}

function toMobile({ urn }: Client, { send_phone, mobile_format, default_mobile }: Settings): string {
  const phone = send_phone ? phoneOf(urn) : undefined
  return phone === undefined ? default_mobile : MOBILES[mobile_format](phone)
}

const MOBILES: Record<Settings['mobile_format'], (phone: string) => string> = {
  digits: digitsOf,
  last10: phone => digitsOf(phone).slice(-10),
  e164: phone => (phone.startsWith('+') ? `+${digitsOf(phone)}` : digitsOf(phone)),
}

function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '')
}

function toHistoryUrl({ session, client, department }: OpeningRequest, { history_url }: Settings): string {
  const values = new Map([
    ['uuid', client.uuid],
    ['department', department],
    ['session', session],
  ])
  return history_url.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''))
}

/** The same for the same words, and no word of them: in the form of a UUID (version 8, RFC 9562). */
export function stableId(words: string): string {
  const hex = hash('sha256', words)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** There is no audio. */
export function toMedia({ contentType, url }: Attachment): MediaJson {
  const kind = /^(image|video)(?:\/|$)/i.exec(contentType)?.[1]?.toLowerCase()
  return { type: kind === 'image' || kind === 'video' ? kind : 'file', url }
}
