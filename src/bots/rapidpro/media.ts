import { asMediatorError, MediatorError } from '../../domain/errors.ts'
import type { Attachment } from '../../domain/message.ts'
import type { Call } from '../../lib/call.ts'
import type { HttpDoor, Reply } from '../../lib/http-door.ts'
import { type MediaFile, postMedia, type Workspace } from './api.ts'

/** The most RapidPro takes: `Limit for file uploads is 25.0 MB`, in bytes. */
const MAX_BYTES = 25 * 1024 * 1024
const DOWNLOAD_TIMEOUT_MS = 8_000
const MAX_REDIRECTS = 3
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
    const file = await fetchFile(workspace.http, attachment, call)
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
  const name = attachment.name?.replace(/\s+/g, ' ').trim()
  const line = name ? `${name} ${attachment.url}` : attachment.url
  if (fits(line)) return line
  if (fits(attachment.url)) return attachment.url
  throw new MediatorError('REJECTED', "a file's address is longer than text_limit")
}

async function fetchFile(http: HttpDoor, attachment: Attachment, call: Call): Promise<MediaFile | undefined> {
  const declared = attachment.contentType
  if ((attachment.size ?? 0) > MAX_BYTES) return undefined
  if (TELLING_TYPE.test(declared) && !HOSTED_TYPE.test(declared)) return undefined
  const reply = await download(http, attachment.url, call)
  if (!reply) return undefined
  const served =
    String(reply.headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? ''
  const contentType = TELLING_TYPE.test(declared) ? declared : served
  if (!HOSTED_TYPE.test(contentType)) return undefined
  return { name: fileName(attachment), contentType, bytes: reply.bytes }
}

/** Undefined when the host will not give it. Carries no credentials of ours, wherever it leads. */
async function download(http: HttpDoor, address: string, call: Call): Promise<Reply | undefined> {
  let url = address
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!isWebAddress(url)) return undefined
    const reply = await fetchOnce(http, url, call)
    if (reply.status < 300) return reply
    if (reply.status === 408 || reply.status === 429 || reply.status >= 500) {
      throw new MediatorError('UNREACHABLE', `the host of a file answered ${reply.status}`)
    }
    const target = reply.headers.location
    if (reply.status >= 400 || typeof target !== 'string' || !URL.canParse(target, url)) return undefined
    url = new URL(target, url).href
  }
  return undefined
}

function fetchOnce(http: HttpDoor, url: string, call: Call): Promise<Reply> {
  return http.send({
    method: 'GET',
    route: 'attachment',
    url,
    headers: { accept: '*/*' },
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    accept: () => true,
    call,
  })
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

function fileName(attachment: Attachment): string {
  return attachment.name?.trim() || new URL(attachment.url).pathname.split('/').at(-1) || 'file'
}
