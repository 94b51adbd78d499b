import { FormData } from 'undici'
import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { FileSource } from '../../lib/file-source.ts'
import type { HttpDoor, OutgoingCall, Reply } from '../../lib/http-door.ts'
import type { Pacer } from '../../lib/pacer.ts'
import { created, namedFields, uploaded } from './wire.ts'

/** The two ways to send a message. */
export type Api = 'messages' | 'broadcasts'

/** One workspace of one RapidPro site. */
export type Workspace = {
  /** The bot's configured name, for error texts. */
  bot: string
  http: HttpDoor
  files: FileSource
  /** Site root, without a slash at the end. */
  url: string
  token: string
  /** RapidPro counts per scope: `temba/api/v2/views.py`, `throttle_scope`. */
  scopes: Record<Api | 'general', Pacer>
}

export type MediaFile = { name: string; contentType: string; bytes: Buffer }

type Content = Pick<OutgoingCall, 'json' | 'body' | 'timeoutMs'>

const UPLOAD_TIMEOUT_MS = 20_000

/**
 * Finds out which API sends messages by asking for nothing: an empty body is refused (400) where `POST messages.json`
 * exists, the method where it does not (405). Nothing can be sent this way, since `contact` is required.
 * Source: rapidpro/rapidpro `temba/api/v2/views.py` MessagesEndpoint, read-only in v7.4.2 and v8.0.1, writable in v9.0.0.
 */
export async function findApi(workspace: Workspace, call: Call): Promise<Api> {
  const reply = await post(workspace, 'messages', { json: {} }, call)
  if (isMissing(reply)) return 'broadcasts'
  if (reply.status === 400 && reply.json() !== undefined) return 'messages'
  if (isRedirect(reply)) throw refusal(workspace, 'messages', reply)
  throw unexpected(workspace, 'messages', reply)
}

/**
 * Sends to one contact, as it is. `text` is left out for files alone: RapidPro refuses an empty one. False where there is
 * no such endpoint. A 201 is no promise: a contact without channel gets `status: "failed"`, and REJECTED is thrown.
 * Source: rapidpro/rapidpro v9.0.0 `temba/api/v2/serializers.py` MsgWriteSerializer, mailroom `web/msg/send.go`.
 */
export async function postMessage(
  workspace: Workspace,
  message: { contact: string; text?: string; attachments?: string[] },
  call: Call,
): Promise<boolean> {
  const reply = await post(workspace, 'messages', { json: message }, call)
  if (isMissing(reply)) return false
  requireCreated(workspace, 'messages', reply)
  return true
}

/**
 * Sends a template to contacts: every `@` that is meant must come doubled. False where there is no such endpoint.
 * Source: rapidpro/rapidpro v7.4.2 and v9.0.0 `temba/api/v2/serializers.py` BroadcastWriteSerializer.
 */
export async function postBroadcast(
  workspace: Workspace,
  broadcast: { contacts: string[]; text: string },
  call: Call,
): Promise<boolean> {
  const reply = await post(workspace, 'broadcasts', { json: broadcast }, call)
  if (isMissing(reply)) return false
  requireCreated(workspace, 'broadcasts', reply)
  return true
}

/**
 * Uploads a file; its uuid can travel as an attachment. Undefined when this RapidPro does not take it: its type, its size,
 * or any file at all. Source: rapidpro/rapidpro v9.0.0 `temba/api/v2/serializers.py` MediaWriteSerializer.
 */
export async function postMedia(
  workspace: Workspace,
  file: MediaFile,
  call: Call,
): Promise<string | undefined> {
  const body = new FormData()
  body.set('file', new Blob([new Uint8Array(file.bytes)], { type: file.contentType }), file.name)
  const reply = await post(workspace, 'media', { body, timeoutMs: UPLOAD_TIMEOUT_MS }, call)
  const media = uploaded.safeParse(reply.json())
  return reply.status < 300 && media.success ? media.data.uuid : undefined
}

/**
 * Starts a flow for contacts, out of whatever flow they are in. Source: rapidpro/rapidpro v7.4.2 and v9.0.0
 * `temba/api/v2/serializers.py` FlowStartWriteSerializer.
 */
export async function postFlowStart(
  workspace: Workspace,
  start: {
    flow: string
    contacts: string[]
    restart_participants: boolean
    exclude_active: boolean
    params: Record<string, string>
  },
  call: Call,
): Promise<void> {
  requireCreated(workspace, 'flow_starts', await post(workspace, 'flow_starts', { json: start }, call))
}

function post(workspace: Workspace, endpoint: string, content: Content, call: Call): Promise<Reply> {
  const scope = endpoint === 'messages' || endpoint === 'broadcasts' ? endpoint : 'general'
  return workspace.http.send({
    ...content,
    method: 'POST',
    route: `${endpoint}.json`,
    url: `${workspace.url}/api/v2/${endpoint}.json`,
    headers: { authorization: `Token ${workspace.token}` },
    pacer: workspace.scopes[scope],
    accept: isRefused,
    call,
  })
}

/** Redirects and refusals that need a look; the door knows what a bad token, a throttle and a server in trouble are. */
function isRefused(status: number): boolean {
  return status >= 300 && status < 500 && ![401, 403, 408, 429].includes(status)
}

function isMissing(reply: Reply): boolean {
  return reply.status === 404 || reply.status === 405
}

function isRedirect(reply: Reply): boolean {
  return reply.status >= 300 && reply.status < 400
}

function requireCreated(workspace: Workspace, endpoint: string, reply: Reply): void {
  if (reply.status >= 300) throw refusal(workspace, endpoint, reply)
  const answer = created.safeParse(reply.json())
  // 201 is the API's own word, however its body arrived; a 200 may be some proxy's page.
  if (!answer.success && reply.status === 201) return
  if (!answer.success) throw unexpected(workspace, endpoint, reply)
  if (answer.data.status === 'failed') {
    throw new MediatorError(
      'REJECTED',
      `${workspace.bot} cannot deliver to this contact: no channel or blocked`,
    )
  }
}

function refusal(workspace: Workspace, endpoint: string, reply: Reply): MediatorError {
  const where = `${workspace.bot} answered ${reply.status} to POST ${endpoint}.json`
  if (isMissing(reply) || isRedirect(reply)) {
    return new MediatorError('MISCONFIGURED', `${where}: check its url in live-agents.toml`)
  }
  const fields = namedFields(reply.json())
  return new MediatorError('REJECTED', fields.length === 0 ? where : `${where}, about ${fields.join(', ')}`)
}

function unexpected(workspace: Workspace, endpoint: string, reply: Reply): MediatorError {
  const what = `${workspace.bot} answered ${reply.status} to POST ${endpoint}.json with something else than documented`
  return new MediatorError('UNEXPECTED', what)
}
