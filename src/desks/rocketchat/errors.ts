import { type ErrorCode, MediatorError } from '../../domain/errors.ts'

/** Code of the vendor, or an HTTP status where the code says nothing → our code, and words for the operator. */
export type Meanings = ReadonlyMap<string, readonly [ErrorCode, string]>

export const OPENING: Meanings = new Map([
  ['no-agent-online', ['NO_AGENT', 'nobody is online']],
  ['error-omnichannel-is-disabled', ['NO_AGENT', 'Omnichannel is switched off']],
])

const GONE = ['CONVERSATION_GONE', 'the room is closed or unknown'] as const

export const SENDING: Meanings = new Map(
  ['room-closed', 'invalid-room', 'error-invalid-room', 'invalid-token', 'cannot-access-room'].map(
    code => [code, GONE] as const,
  ),
)

/** A room that was removed, or is another visitor's by now. */
export const READING: Meanings = new Map(
  ['invalid-room', 'error-invalid-room', 'invalid-token'].map(code => [code, GONE] as const),
)

/** 403 is the answer to a file for a room that is not open, or not of this visitor. */
export const UPLOADING: Meanings = new Map([...SENDING, ['403', GONE]])

const CANNOT_CLOSE_YET = ['UNREACHABLE', 'the room cannot be closed now'] as const

export const CLOSING: Meanings = new Map([
  ...SENDING,
  ['error-room-already-closed', GONE],
  ['error-room-cannot-be-closed-try-again', CANNOT_CLOSE_YET],
  // 4.x and 5.x give no reason when they could not close.
  ['', CANNOT_CLOSE_YET],
  [
    'error-not-allowed-to-close-conversation',
    [
      'REJECTED',
      'visitors may not close here: allow it in Omnichannel, or give this desk a bot user (user_id, auth_token)',
    ],
  ],
  [
    'error-tags-must-be-assigned-before-closing-chat',
    ['REJECTED', 'the department demands tags: give it predefined closing tags, or do not demand any'],
  ],
  [
    'error-not-authorized',
    ['MISCONFIGURED', 'the bot user of user_id lacks the permission close-livechat-room'],
  ],
  ['error-comment-is-required', ['REJECTED', 'a comment is demanded of whoever closes: make it optional']],
])

/** Codes of a refusal to let the visitor close, which a user may still do. */
export const NOT_FOR_VISITORS: ReadonlySet<string> = new Set([
  'error-not-allowed-to-close-conversation',
  'error-tags-must-be-assigned-before-closing-chat',
])

/** Rocket.Chat answered, and said no. */
export class Refusal extends MediatorError {
  /** As the vendor wrote it, '' when it gave none, undefined when the body was no JSON. May hold words: never show it. */
  readonly vendorCode: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { vendorCode: string | undefined; retryAt?: number },
  ) {
    super(code, message, details)
    this.vendorCode = details.vendorCode
  }
}

/** An answer that says no. `where`: the desk's name, method and route, for the message. */
export type RefusedAnswer = { where: string; status: number; body: unknown; meanings: Meanings; now: number }

export function toRefusal({ where, status, body, meanings, now }: RefusedAnswer): Refusal {
  const vendorCode = readCode(body)
  const shown = showCode(vendorCode)
  const refuse = (code: ErrorCode, text: string, retryAt?: number): Refusal =>
    new Refusal(code, `${where}: ${text} (${status}, ${shown})`, { vendorCode, retryAt })
  const meaning = meaningOf(meanings, vendorCode, status)
  if (meaning) return refuse(...meaning)
  // Servers before 2.0 answered 400 to a call over the limit.
  if (vendorCode === 'error-too-many-requests') return refuse('THROTTLED', 'too many calls', now + 60_000)
  if (status === 403) return refuse('MISCONFIGURED', 'not permitted: check url, user_id and auth_token')
  if (status < 400 || status === 404 || status === 405)
    return refuse('MISCONFIGURED', 'no such endpoint: check that url is the root of the site')
  return refuse('REJECTED', 'refused')
}

function meaningOf(
  meanings: Meanings,
  vendorCode: string | undefined,
  status: number,
): readonly [ErrorCode, string] | undefined {
  return vendorCode === undefined ? undefined : (meanings.get(vendorCode) ?? meanings.get(String(status)))
}

/**
 * The code in an error body of any version. 4.x: in `error`, beside an `errorType` that is always `Meteor.Error`. Later: in
 * `errorType`, else in brackets at the end of `error`, else `error` itself. Uploads: in `reason`.
 * (apps/meteor/app/api/server/api.ts; apps/meteor/server/api/ApiClass.ts)
 */
function readCode(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { errorType, error, reason } = body as Record<string, unknown>
  if (typeof errorType === 'string' && errorType !== 'Meteor.Error') return errorType
  if (typeof error === 'string') return /\[([\w.-]+)\]\s*$/.exec(error)?.[1] ?? error
  return typeof reason === 'string' ? reason : ''
}

const KNOWN = new Set(
  [OPENING, SENDING, READING, UPLOADING, CLOSING].flatMap(meanings => [...meanings.keys()]),
)
const CODE = /^(?:error|message|invalid|cannot|room|no|not)(?:-[a-z]+){1,9}$/

/** Only what is a code of Rocket.Chat's is shown: error texts can repeat what somebody wrote, if only one word of it. */
function showCode(code: string | undefined): string {
  if (code === undefined) return 'no JSON'
  if (/^Match (?:error|failed)/i.test(code)) return 'Match error'
  return KNOWN.has(code) || CODE.test(code) ? code || 'no code' : 'no code'
}
