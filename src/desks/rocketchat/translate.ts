import { emailOf, phoneOf } from '../../domain/address.ts'
import type { Attachment } from '../../domain/message.ts'
import type { OpeningRequest } from '../desk.ts'
import { fillTemplate } from '../template.ts'
import type { Visitor } from './api.ts'
import type { Settings } from './settings.ts'

type Disclosure = Pick<Settings, 'custom_fields' | 'send_phone' | 'send_email'>

/** The visitor a client becomes. What is not known is left out. */
export function toVisitor(request: Omit<OpeningRequest, 'session'>, disclosure: Disclosure): Visitor {
  const { client, department } = request
  const fields = toCustomFields(request, disclosure.custom_fields)
  return {
    token: client.uuid,
    name: client.name?.trim() || undefined,
    department: department || undefined,
    phone: disclosure.send_phone ? phoneOf(client.urn) : undefined,
    email: disclosure.send_email ? emailOf(client.urn) : undefined,
    customFields: fields.length > 0 ? fields : undefined,
  }
}

function toCustomFields(
  request: Omit<OpeningRequest, 'session'>,
  templates: Settings['custom_fields'],
): NonNullable<Visitor['customFields']> {
  const filled = Object.entries(templates).map(([key, text]) => ({
    key,
    value: fillTemplate(text, request),
    overwrite: true as const,
  }))
  return filled.filter(field => field.value !== '')
}

/** Parts of at most `limit` UTF-16 units, which is how the server counts, cut after a space where there is one. Joined: the text. */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = []
  for (let rest = text; rest !== ''; ) {
    const cut = cutAt(rest, limit)
    parts.push(rest.slice(0, cut))
    rest = rest.slice(cut)
  }
  return parts
}

function cutAt(text: string, limit: number): number {
  if (text.length <= limit) return text.length
  const space = text.slice(0, limit).search(/\s\S*$/)
  if (space >= 0) return space + 1
  const halves = limit > 1 && /[\uD800-\uDBFF]/.test(text.charAt(limit - 1))
  return halves ? limit - 1 : limit
}

const UNKNOWN_TYPE = 'application/octet-stream'

/** The first of these that says something: `image/jpeg`, without parameters; not a bare kind such as `image`. */
export function mimeType(...candidates: (string | undefined)[]): string {
  const types = candidates.map(candidate => candidate?.split(';')[0]?.trim() ?? '')
  return types.find(type => type.includes('/') && type !== UNKNOWN_TYPE) ?? UNKNOWN_TYPE
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/x-m4a', 'm4a'],
  ['audio/ogg', 'ogg'],
  ['audio/wav', 'wav'],
  ['audio/aac', 'aac'],
  ['audio/amr', 'amr'],
  ['video/mp4', 'mp4'],
  ['video/3gpp', '3gp'],
  ['video/webm', 'webm'],
  ['video/quicktime', 'mov'],
  ['application/pdf', 'pdf'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
])

/** A name agents can open the file by: its own, else the last of its address, with an extension where the type tells one. */
export function fileName(attachment: Attachment, type: string): string {
  const name = attachment.name?.trim() || lastSegment(attachment.url)
  if (/\.[A-Za-z0-9]{1,8}$/.test(name)) return name
  const extension = EXTENSIONS.get(type)
  const stem = name || attachment.contentType.split('/')[0] || 'file'
  return extension ? `${stem}.${extension}` : stem
}

function lastSegment(url: string): string {
  const segment = URL.parse(url)?.pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
