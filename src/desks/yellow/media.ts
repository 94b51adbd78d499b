import type { Attachment } from '../../domain/message.ts'

const UNKNOWN_TYPE = 'application/octet-stream'
const MIME_TYPE = /^(?:image|video|audio|application|text)\/[\w.+-]+$/
const KINDS: ReadonlySet<string> = new Set(['image', 'video', 'audio'])

const TYPES: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['mp4', 'video/mp4'],
  ['3gp', 'video/3gpp'],
  ['webm', 'video/webm'],
  ['mov', 'video/quicktime'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['ogg', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['aac', 'audio/aac'],
  ['amr', 'audio/amr'],
  ['pdf', 'application/pdf'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['csv', 'text/csv'],
  ['txt', 'text/plain'],
])

/** A file an agent sent. Undefined when the address is none that bytes can be fetched from. */
export function toAttachment(address: string, type: string | undefined): Attachment | undefined {
  const url = URL.parse(address.trim())
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  return { contentType: contentTypeOf(url, type?.toLowerCase() ?? ''), url: url.href }
}

/** Documented are `image`, `video` and `file`; desks also leave it out, or write `audio`, `pdf`, or a MIME type. */
function contentTypeOf({ pathname }: URL, type: string): string {
  if (MIME_TYPE.test(type)) return type
  const byName = TYPES.get(/\.(\w+)$/.exec(pathname)?.[1]?.toLowerCase() ?? '')
  if (KINDS.has(type)) return byName?.startsWith(`${type}/`) ? byName : type
  return byName ?? TYPES.get(type) ?? UNKNOWN_TYPE
}
