import { MediatorError } from '../../domain/errors.ts'
import type { Message } from '../../domain/message.ts'
import { toAttachment } from './media.ts'
import { agentMessage, media, payload } from './wire.ts'

/** Types of a message that hold a file; only `media` is documented. */
const MEDIA: ReadonlySet<string> = new Set(['media', 'image', 'video', 'audio', 'file', 'document'])

/**
 * What an agent said: `{"type": "text", "payLoad": {"content": "…"}}`, or `{"type": "media", "payLoad": {"content":
 * {"type", "mediaUrl"}}}`. Undefined when it is an empty text. Throws INVALID for what cannot be read, so that no words
 * are lost without anybody knowing.
 */
export function readAgentMessage(given: unknown): Message | undefined {
  const message = agentMessage.safeParse(given)
  if (!message.success) throw unreadable('message')
  const { type, payLoad, payload: misspelt } = message.data
  const kind = type?.toLowerCase()
  const content = payload.safeParse(payLoad ?? misspelt).data?.content
  if (typeof content === 'number') return toText(String(content))
  if (typeof content !== 'string') return readMedia(content, kind)
  return kind && MEDIA.has(kind) ? toFile(content, kind) : toText(content)
}

function readMedia(content: unknown, kind: string | undefined): Message {
  const { type = kind, mediaUrl, url } = media.safeParse(content).data ?? {}
  const address = mediaUrl ?? url
  const message = address === undefined ? undefined : toFile(address, type)
  if (!message) throw unreadable('message.payLoad.content')
  return message
}

/** What is no web address can only be shown. */
function toFile(address: string, type: string | undefined): Message | undefined {
  const attachment = toAttachment(address, type)
  return attachment ? { text: '', attachments: [attachment] } : toText(address)
}

function toText(text: string): Message | undefined {
  return text.trim() === '' ? undefined : { text, attachments: [] }
}

function unreadable(key: string): MediatorError {
  return new MediatorError('INVALID', `${key} is missing or unreadable`)
}
