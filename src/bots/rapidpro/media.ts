import { asMediatorError, MediatorError } from '../../domain/errors.ts'
import type { Attachment } from '../../domain/message.ts'
import type { Call } from '../../lib/call.ts'
import { MAX_FILE_BYTES } from '../../lib/file-source.ts'
import { type MediaFile, postMedia, type Workspace } from './api.ts'

/** Attempts after which a file that cannot be had goes as a link. */
const PATIENCE = 3

/** What `media.json` takes: `temba/msgs/models.py` Media.ALLOWED_CONTENT_TYPES, rapidpro/rapidpro v9.0.0. */
const HOSTED_TYPE = /^(?:(?:image|audio|video)\/[\w.+-]+|application\/pdf)$/i
/** A type that says what the file is: not a bare kind, not "some bytes". */
const TELLING_TYPE = /^(?!application\/octet-stream$)[\w.+-]+\/[\w.+-]+$/i

/**
 * Brings a file into the workspace, since RapidPro sends no others, and returns its uuid there. Undefined when it must go as
 * a link: RapidPro does not take such a file, its host refuses it for good, or it was tried often enough. Throws the
 * transient errors of the earlier attempts.
 */
export async function hostFile(
  workspace: Workspace,
  attachment: Attachment,
  call: Call,
): Promise<string | undefined> {
  try {
    const file = await fetchFile(workspace, attachment, call)
    return file && (await postMedia(workspace, file, call))
  } catch (error) {
    const { transient, code } = asMediatorError(error)
    if (transient && call.attempt < PATIENCE) throw error
    call.log.info({ code, attempt: call.attempt }, 'a file goes as a link')
    return undefined
  }
}

/** The file's name and address on one line; the address alone where both do not fit. */
export function describeLink(attachment: Attachment, fits: (text: string) => boolean): string {
  const name = attachment.name
    ?.replace(/[\s\p{Cc}]+/gu, ' ')
    .toWellFormed()
    .trim()
  const line = name ? `${name} ${attachment.url}` : attachment.url
  if (fits(line)) return line
  if (fits(attachment.url)) return attachment.url
  throw new MediatorError('REJECTED', "a file's address is longer than text_limit")
}

async function fetchFile(
  { files }: Workspace,
  attachment: Attachment,
  call: Call,
): Promise<MediaFile | undefined> {
  const declared = attachment.contentType
  if ((attachment.size ?? 0) > MAX_FILE_BYTES) return undefined
  if (TELLING_TYPE.test(declared) && !HOSTED_TYPE.test(declared)) return undefined
  const file = await files.fetch(attachment.url, call)
  if (!file) return undefined
  const contentType = TELLING_TYPE.test(declared) ? declared : (file.contentType ?? '')
  if (!HOSTED_TYPE.test(contentType)) return undefined
  return { name: fileName(attachment), contentType, bytes: file.bytes }
}

function fileName(attachment: Attachment): string {
  return attachment.name?.trim() || new URL(attachment.url).pathname.split('/').at(-1) || 'file'
}
