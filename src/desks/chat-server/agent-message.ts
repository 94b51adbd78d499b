import type { Attachment, Message } from '../../domain/message.ts'
import { isFile } from '../../domain/pieces.ts'
import { attachment } from './wire.ts'

/**
 * What was said, for the client; undefined when there is nothing in it. Files at an address of the web are passed on by that
 * address. All others (`file:` is on the server's own disk, `data:` the bytes themselves) are only named: nothing is opened.
 */
export function toMessage(text: string, attachments: unknown[], fileNotice: string): Message | undefined {
  const files = attachments.flatMap(one => toAttachment(one) ?? [])
  const notices = files.filter(file => !isFile(file)).map(file => notice(file, fileNotice))
  const lines = [text, ...notices].filter(line => line.trim() !== '')
  const media = files.filter(isFile)
  if (lines.length === 0 && media.length === 0) return undefined
  return { text: lines.join('\n'), attachments: media }
}

function toAttachment(read: unknown): Attachment | undefined {
  const { type, name, contentUrl } = attachment.safeParse(read).data ?? {}
  if (!contentUrl) return undefined
  return {
    contentType: type || 'application/octet-stream',
    url: contentUrl,
    ...(name?.trim() && { name: name.trim() }),
  }
}

function notice({ name, contentType }: Attachment, template: string): string {
  return template.replaceAll('{name}', () => name ?? contentType)
}
