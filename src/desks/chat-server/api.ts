import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { OutgoingCall, Reply } from '../../lib/http-door.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Transcript, TranscriptType } from '../desk.ts'
import type { Seat } from './seat.ts'
import type { Settings } from './settings.ts'
import { initAnswer } from './wire.ts'

/** One chat server, as we call it over REST. */
export type Account = Kit & Pick<Settings, 'url' | 'headers'>

/** What a conversation is opened with [D names; lower camel case I]. */
export type InitBody = {
  firstName: string
  lastName: string
  email: string
  phone: string
  channel: string
  language?: string
  /** The account, normally the phone number [D]. */
  refId: string
  /** The skill group [D]. */
  subject: string
  comment: string
  /** The same for every repeat of one opening. */
  requestId: string
  /** ISO 8601. */
  timestamp: string
}

const INIT_ROUTE = 'api/customer/init'

/**
 * Opens a conversation. The same `requestId` brings the same conversation [I]: what else would the field be for.
 * `POST /api/customer/init` (Customer Channel API 3.15). 500 and 503 are documented [D], and both UNREACHABLE here.
 */
export async function initConversation(account: Account, body: InitBody, call: Call): Promise<Seat> {
  const reply = await send(account, { method: 'POST', route: INIT_ROUTE, json: body }, call)
  refuse(account, `POST ${INIT_ROUTE}`, reply.status)
  const read = initAnswer.safeParse(reply.json())
  const { name, refId } = {
    name: [body.firstName, body.lastName].filter(Boolean).join(' '),
    refId: body.refId,
  }
  if (read.success) {
    const { conversation, participant } = read.data
    return { conversation, participant: participant.id, name: participant.name ?? name, refId }
  }
  const key = read.error.issues[0]?.path.join('.') || 'the body'
  throw new MediatorError(
    'UNEXPECTED',
    `${account.name} POST ${INIT_ROUTE}: the answer is not as documented (${key})`,
  )
}

const TRANSCRIPT_ROUTE = 'api/customer/transcript/:id/:type'
const MOST_BYTES = 25 * 1024 * 1024

/**
 * What was said, once the conversation is over; 404 before [D]. That `id` is the conversation's is inferred [I].
 * `GET /api/customer/transcript/{id}/{type}` (Customer Channel API 3.15)
 */
export async function fetchTranscript(
  account: Account,
  conversation: string,
  type: TranscriptType,
  call: Call,
): Promise<Transcript> {
  const path = `api/customer/transcript/${encodeURIComponent(conversation)}/${type}`
  const asked = { method: 'GET', route: TRANSCRIPT_ROUTE, path, maxBytes: MOST_BYTES } as const
  const { status, headers, bytes } = await send(account, { ...asked, headers: { accept: '*/*' } }, call)
  if (status === 404)
    throw new MediatorError('NOT_FOUND', 'there is no transcript until the conversation has ended')
  refuse(account, `GET ${TRANSCRIPT_ROUTE}`, status)
  if (type === 'email') return { kind: 'sent' }
  return { kind: 'file', contentType: String(headers['content-type'] ?? 'application/pdf'), bytes }
}

type Asked = Omit<OutgoingCall, 'url' | 'call' | 'accept'> & { path?: string }

function send({ http, url, headers }: Account, { path, ...asked }: Asked, call: Call): Promise<Reply> {
  return http.send({
    ...asked,
    url: `${url}/${path ?? asked.route}`,
    headers: { ...headers, ...asked.headers },
    accept: isRefusal,
    call,
  })
}

/** What means something of its own here. The rest means the same everywhere and is read by the HTTP door. */
function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && ![401, 403, 408, 429].includes(status)
}

/** No refusal but 500 and 503 is documented, nor any body [D]. */
function refuse({ name }: Account, asked: string, status: number): void {
  if (status < 300) return
  const isElsewhere = status < 400 || status === 404 || status === 405
  if (isElsewhere)
    throw new MediatorError('MISCONFIGURED', `${name} ${asked}: no such endpoint (${status}): check url`)
  throw new MediatorError('REJECTED', `${name} ${asked}: refused (${status}): check channels and groups`)
}
