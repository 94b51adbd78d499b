import { filePath } from './file-links.ts'
import { newId } from './ids.ts'
import { type Draft, saveMessage } from './messages.ts'
import type { Message, Person, Room, Upload } from './types.ts'
import type { Workspace } from './workspace.ts'

/** A file as it comes in; `description` is its caption. */
export type NewFile = { name: string; type: string; data: Buffer; description?: string }

export function storeUpload({ state }: Workspace, room: Room, by: Person, file: NewFile): Upload {
  const { name, type, data } = file
  const upload = { _id: newId(), rid: room._id, userId: by._id, name, type, data }
  state.uploads.set(upload._id, upload)
  return upload
}

/** Posts an upload into its room as a message. `more` says who wrote it. */
export function postUpload(
  workspace: Workspace,
  room: Room,
  upload: Upload,
  more: Omit<Draft, 'msg'> & { description?: string },
): Promise<Message> {
  const { description, ...draft } = more
  const { _id, name, type, data } = upload
  const file = { _id, name, type, size: data.length }
  return saveMessage(workspace, room, {
    msg: '',
    file,
    files: [file],
    attachments: [{ ...attachmentOf(upload), ...(description !== undefined && { description }) }],
    ...draft,
  })
}

function attachmentOf(upload: Upload): Record<string, unknown> {
  const link = filePath(upload)
  const common = { title: upload.name, type: 'file', title_link: link, title_link_download: true }
  const media = upload.type.split('/', 1)[0] ?? ''
  if (!['image', 'audio', 'video'].includes(media)) return common
  const size = { [`${media}_size`]: upload.data.length }
  return { ...common, [`${media}_url`]: link, [`${media}_type`]: upload.type, ...size }
}

const typesByExtension: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
}

/** The type of a part: its own, or from the name when it says nothing or `application/octet-stream`. */
export function mediaTypeOf(name: string, said: string): string {
  if (said && said !== 'application/octet-stream') return said
  const extension = name.split('.').at(-1)?.toLowerCase() ?? ''
  return typesByExtension[extension] ?? 'application/octet-stream'
}

/** Whether the white list and the black list let a media type in. */
export function isTypeAllowed({ settings }: Workspace, type: string): boolean {
  const allowed = settings.FileUpload_MediaTypeWhiteList
  if (allowed && !isListed(allowed, type)) return false
  return !isListed(settings.FileUpload_MediaTypeBlackList, type)
}

function isListed(list: string, type: string): boolean {
  const entries = list.split(',').map(entry => entry.trim())
  return entries.some(
    entry => entry === type || (entry.endsWith('/*') && type.startsWith(entry.slice(0, -1))),
  )
}
