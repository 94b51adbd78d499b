import { type ErrorCode, MediatorError } from '../../domain/errors.ts'

/** Aivo answered, and said no. Nothing is documented about its refusals: all that is read out of them here is inferred. */
export type Refusal = {
  /** The desk's name, method and route, for the message. */
  where: string
  status: number
  body: unknown
  now: number
}

type Meaning = readonly [ErrorCode, string]

const NOT_THE_API: Meaning = ['MISCONFIGURED', 'there is no API Live at this address: check url']
const REFUSED: Meaning = ['REJECTED', 'refused']
const GONE: Meaning = ['CONVERSATION_GONE', 'the conversation is closed or unknown']

/** To a call that opens. */
export function toOpeningError(refusal: Refusal): MediatorError {
  const noGroup: Meaning = ['REJECTED', 'no such group, or a wrong address: check groups and url']
  return toError(refusal, refusal.status === 404 ? noGroup : (wrongAddress(refusal) ?? REFUSED))
}

/** How long a message waits for an agent before it is tried again, in ms. */
const NOT_ATTENDED_MS = 10_000

/**
 * To a message. `waiting`: nobody has taken the conversation, as far as we know. The page has messages "when the conversation
 * is attended" and does not say what becomes of others, so one refused for no other reason is kept until it is.
 */
export function toSendingError(refusal: Refusal, sent: string, waiting: boolean): MediatorError {
  if (isGone(refusal, sent)) return toError(refusal, GONE)
  if (!waiting || ![400, 409, 425].includes(refusal.status))
    return toError(refusal, wrongAddress(refusal) ?? REFUSED)
  return toError(
    refusal,
    ['THROTTLED', 'refused, perhaps until an agent attends'],
    refusal.now + NOT_ATTENDED_MS,
  )
}

/** To a closing. Never transient: an address that was not found out right must not keep the client from the bot. */
export function toClosingError(refusal: Refusal): MediatorError {
  return toError(refusal, isGone(refusal, '') ? GONE : ['REJECTED', 'refused: check close_path'])
}

function toError({ where, status }: Refusal, [code, text]: Meaning, retryAt?: number): MediatorError {
  return new MediatorError(code, `${where}: ${text} (${status})`, retryAt === undefined ? {} : { retryAt })
}

function wrongAddress({ status }: Refusal): Meaning | undefined {
  return status < 400 || status === 405 ? NOT_THE_API : undefined
}

/** In the languages of the vendor's pages. */
const CLOSED = /(?<!un|dis)closed|finished|finalizad|cerrad|encerrad|terminad|(?<![a-z])ended/i

function isGone({ status, body }: Refusal, sent: string): boolean {
  if (status === 404 || status === 410) return true
  if (status !== 400 && status !== 409) return false
  const isQuoted = (reason: string) => CLOSED.test(sent) && reason.includes(sent)
  return reasonsIn(body).some(reason => CLOSED.test(reason) && !isQuoted(reason))
}

const REASON_KEYS = [
  'error',
  'errors',
  'code',
  'status',
  'state',
  'reason',
  'message',
  'detail',
  'description',
]

/** What an error body says of itself; the words somebody wrote may be among it, so it is never shown. */
function reasonsIn(body: unknown, depth = 0): string[] {
  if (typeof body === 'string') return [body]
  if (typeof body !== 'object' || body === null || depth > 2) return []
  const parts = Array.isArray(body) ? body : REASON_KEYS.map(key => (body as Record<string, unknown>)[key])
  return parts.flatMap(part => reasonsIn(part, depth + 1))
}
