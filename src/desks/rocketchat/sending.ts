import { MediatorError } from '../../domain/errors.ts'
import type { Attachment } from '../../domain/message.ts'
import { isFile, toLink } from '../../domain/pieces.ts'
import type { Call } from '../../lib/call.ts'
import type { FetchedFile } from '../../lib/file-source.ts'
import type { Account } from './account.ts'
import { findMessage, postMessage, type Room, readConfig, uploadFile } from './api.ts'
import { Refusal } from './errors.ts'
import { fileName, mimeType, splitText } from './translate.ts'

/** How the visitor's words and files get into a room. */
export type Line = { account: Account; room: Room; call: Call }

/** Servers up to 7.x answer one of these when the `_id` is already there (4.x to 6.2; 6.3 to 7.x). */
const MAYBE_STORED: ReadonlySet<string | undefined> = new Set([
  '',
  'Cannot convert undefined or null to object',
])
const TOO_LONG = 'message-length-exceeds-character-limit'

/** Sends a text once, however often it is called with the same id; in parts where the server limits its length. */
export async function sendText(line: Line, id: string, text: string): Promise<void> {
  const { account, room, call } = line
  try {
    checkRoom(room, await postMessage(account, { ...room, _id: id, msg: text }, call))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const doubtful = call.attempt > 1 || MAYBE_STORED.has(error.vendorCode)
    if (doubtful && (await isStored(line, id))) return
    if (error.vendorCode !== TOO_LONG) throw error
    await sendInParts(line, id, text, error)
  }
}

/** 3.3.3 was seen to open a new room for a message to a closed one (RocketChat/Rocket.Chat #18123). */
function checkRoom(room: Room, rid: string | undefined): void {
  if (rid === undefined || rid === room.rid) return
  throw new MediatorError('CONVERSATION_GONE', 'the message went to another room')
}

async function isStored({ account, room, call }: Line, id: string): Promise<boolean> {
  try {
    return (await findMessage(account, id, room, call)) === room.rid
  } catch (error) {
    if (error instanceof MediatorError && error.transient) throw error
    return false
  }
}

/** Every try starts over with the whole text, so all must fit into one window of the server's 10 calls a minute. */
const MOST_PARTS = 8

async function sendInParts(line: Line, id: string, text: string, refusal: Refusal): Promise<void> {
  const { settings } = await readConfig(line.account, line.room.token, line.call)
  const limit = Math.max(1, Math.floor(settings?.limitTextLength || text.length))
  const parts = splitText(text, limit)
  // One part: within the limit as the server tells it, and refused all the same.
  if (parts.length < 2 || parts.length > MOST_PARTS) throw refusal
  for (const [index, part] of parts.entries()) await sendText(line, `${id}p${index + 1}`, part)
}

/** Sends a file as a file, or its link as text where the file cannot be had or is not taken: nothing is lost. */
export async function sendAttachment(line: Line, id: string, attachment: Attachment): Promise<void> {
  const delivered = isFile(attachment) && (await sendFile(line, attachment))
  if (!delivered) await sendText(line, id, toLink(attachment))
}

async function sendFile(line: Line, attachment: Attachment): Promise<boolean> {
  const content = await fetchContent(line, attachment)
  if (!content) return false
  const type = mimeType(attachment.contentType, content.contentType)
  const file = new File([new Uint8Array(content.bytes)], fileName(attachment, type), { type })
  try {
    checkRoom(line.room, await uploadFile(line.account, line.room, file, line.call))
    return true
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'REJECTED') throw error
    line.call.log.info({ desk: line.account.name, reason: error.message }, 'file refused, its link is sent')
    return false
  }
}

/** From this attempt on a link now is better than a file later. */
const LAST_DOWNLOAD_ATTEMPT = 3

async function fetchContent({ account, call }: Line, { url }: Attachment): Promise<FetchedFile | undefined> {
  try {
    return await account.files.fetch(url, call)
  } catch (error) {
    if (call.attempt < LAST_DOWNLOAD_ATTEMPT || call.signal.aborted) throw error
    return undefined
  }
}
