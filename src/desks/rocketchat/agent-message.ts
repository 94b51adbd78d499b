import type { Attachment, Message } from '../../domain/message.ts'
import { toUnicode } from './emoji.ts'
import type { RoomMessage } from './wire.ts'

/** Where a message was said: what is needed to make its file's address one that opens. */
export type Place = { site: string; rid?: string; token: string }

/** What an agent said; undefined when there is nothing in it for the client. */
export function toMessage(said: RoomMessage, place: Place): Message | undefined {
  const attachment = said.file || said.fileUpload ? toAttachment(said, place) : undefined
  const text = toUnicode(textOf(said))
  if (text === '' && !attachment) return undefined
  return { text, attachments: attachment ? [attachment] : [] }
}

/** The text, and a file's caption, which stands in one place or the other or in both. */
function textOf(said: RoomMessage): string {
  const text = withoutQuotes(said.blocks && isBlocks(said.msg) ? readBlocks(said.blocks) : (said.msg ?? ''))
  const caption = said.attachments?.[0]?.description ?? ''
  const parts = [text, caption].filter(part => part.trim() !== '')
  return [...new Set(parts)].join('\n')
}

/** A quoted reply starts with a link without a label, to the message it answers. */
function withoutQuotes(text: string): string {
  return text.replace(/^\s*(?:\[ ?\]\([^)]*\)\s*)+/, '')
}

/** No words beside the blocks: none at all, or the blocks once more as JSON. */
function isBlocks(msg: string | undefined): boolean {
  if (!msg) return true
  try {
    return Array.isArray(JSON.parse(msg))
  } catch {
    return false
  }
}

const READABLE_KEYS = ['title', 'text', 'fields', 'elements', 'accessory', 'url', 'image_url']

/** The words of UI blocks, one line each (UI Kit: section, context, header, actions, image). */
function readBlocks(blocks: unknown): string {
  return linesOf(blocks).join('\n')
}

/** Far deeper than any block; what is deeper still is no block. */
const DEEPEST = 20

function linesOf(node: unknown, depth = 0): string[] {
  if (typeof node === 'string') return node === '' ? [] : [node]
  if (typeof node !== 'object' || node === null || depth > DEEPEST) return []
  const inner = Array.isArray(node) ? node : READABLE_KEYS.map(key => (node as Record<string, unknown>)[key])
  return inner.flatMap(one => linesOf(one, depth + 1))
}

function toAttachment(said: RoomMessage, place: Place): Attachment | undefined {
  const { publicFilePath, type, size } = said.fileUpload ?? {}
  const url = publicFilePath && URL.parse(absolute(publicFilePath, place.site))
  if (!url) return undefined
  if (url.host === new URL(place.site).host) unlock(url, said.rid ?? place.rid, place.token)
  return {
    contentType: type ?? said.file?.type ?? 'application/octet-stream',
    url: url.href,
    name: said.file?.name,
    size: size ?? said.file?.size,
  }
}

function absolute(path: string, site: string): string {
  return path.startsWith('/') ? site + path : path
}

/** Protected files open to the room's visitor (apps/meteor/app/file-upload/server/lib/FileUpload.ts); nobody else's host is given the token. */
function unlock(url: URL, rid: string | undefined, token: string): void {
  if (!rid || url.searchParams.has('token') || !url.pathname.includes('/file-upload/')) return
  url.searchParams.set('rc_room_type', 'l')
  url.searchParams.set('rc_rid', rid)
  url.searchParams.set('rc_token', token)
}
