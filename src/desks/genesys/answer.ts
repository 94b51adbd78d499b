import { z } from 'zod'
import { type ErrorCode, MediatorError } from '../../domain/errors.ts'
import type { Reply } from '../../lib/http-door.ts'

// Web Services answers in several dialects, and not each operation in the same one everywhere; so all of them are understood
// everywhere. [D]: docs.genesys.com, GWS API, ReturnValues (codes), CSRFProtection, and the pages of the operations.

/** What became of a request. */
export type Answer = { ok: true; body: Record<string, unknown> } | Refused

export type Refused = {
  ok: false
  /** What it means as an HTTP status, whatever it came with. */
  status: 400 | 401 | 403 | 404 | 409 | 502
  /** `statusCode` of the answer, where it had one that says no. */
  code?: number
  /** For a human, in the desk's words where it had any. */
  msg: string
  /** As it came: JSON, or else the beginning of the text. */
  body: unknown
  /** A token of the session was missing or is no longer valid. */
  csrf?: boolean
  /** Nobody said no: we do not understand the answer. */
  unrecognised?: boolean
}

type Meaning = readonly [status: Refused['status'], code: ErrorCode, words: string]

/** What each `statusCode` means [D]; the errors are ours. */
const CODES: ReadonlyMap<number, Meaning> = new Map([
  [1, [400, 'REJECTED', 'a parameter is missing']],
  [2, [409, 'REJECTED', 'a parameter is not valid in this state']],
  // Of one chat, not of the whole account: nothing an operator could mend.
  [3, [403, 'REJECTED', 'this is forbidden']],
  [4, [502, 'UNREACHABLE', 'internal failure']],
  [5, [403, 'REJECTED', 'no permission for this']],
  [6, [404, 'CONVERSATION_GONE', 'not found']],
  [7, [502, 'UNEXPECTED', 'done in part only']],
  [8, [401, 'MISCONFIGURED', 'the password must be changed first']],
  [9, [502, 'UNREACHABLE', 'not done yet']],
  [10, [400, 'REJECTED', 'a value is out of range']],
  [11, [400, 'REJECTED', 'a property cannot be written']],
  [12, [502, 'UNREACHABLE', 'could not be retrieved']],
  [13, [502, 'UNREACHABLE', 'could not be created']],
  [14, [502, 'UNREACHABLE', 'could not be deleted']],
  [15, [502, 'UNREACHABLE', 'could not be updated']],
  [16, [502, 'UNREACHABLE', 'could not be assigned']],
  [17, [502, 'UNREACHABLE', 'could not be unassigned']],
  [18, [409, 'REJECTED', 'exists already']],
  [19, [409, 'REJECTED', 'is in use']],
  [20, [401, 'MISCONFIGURED', 'not logged in: check the credentials in live-agents.toml']],
])

const UNKNOWN_CODE: Meaning = [502, 'UNEXPECTED', 'a code that is not documented']

/** What an HTTP status means where the body says nothing. */
const STATUSES: Record<Refused['status'], Meaning> = {
  400: [400, 'REJECTED', 'refused as invalid'],
  401: [401, 'MISCONFIGURED', 'not logged in: check the credentials in live-agents.toml'],
  403: [403, 'MISCONFIGURED', 'forbidden: check the address and credentials in live-agents.toml'],
  // Unknown chats are told by a code: what answers without one is not Web Services.
  404: [404, 'MISCONFIGURED', 'no such path: check the address in live-agents.toml'],
  409: [409, 'REJECTED', 'refused'],
  502: [502, 'UNREACHABLE', 'the server failed'],
}

/** Numbers may come as words. */
const number = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)])
const text = z.string().optional().catch(undefined)

const said = z.looseObject({
  statusCode: number.optional().catch(undefined),
  statusMessage: text,
  status: z.union([z.string(), z.number()]).optional().catch(undefined),
  errorDescription: text,
})

type Said = z.infer<typeof said>

/**
 * The order matters: an HTTP status of 400 and up is a failure whatever the body says; no body is success; `statusCode` counts
 * before `status`; and what cannot be understood is a failure, never success.
 */
export function readAnswer(reply: Reply): Answer {
  const words = reply.bytes.toString('utf8').trim()
  const body = reply.json()
  const { data } = said.safeParse(body)
  if (reply.status >= 400) return refusedBy(reply.status, words, body, data)
  if (words === '') return { ok: true, body: {} }
  if (data?.statusCode !== undefined)
    return data.statusCode === 0 ? { ok: true, body: data } : refusedWith(data.statusCode, data, body)
  if (data?.status !== undefined) return isOk(data.status) ? { ok: true, body: data } : denied(data, body)
  return {
    ok: false,
    status: 502,
    msg: 'unrecognised answer',
    body: body ?? excerpt(words),
    unrecognised: true,
  }
}

/** The refusal as our error. `where`: the desk and the route. The desk's own words stay out of it: they may quote a client's. */
export function toError(answer: Refused, where: string): MediatorError {
  const [, code, words] = meaningOf(answer)
  const number = answer.code === undefined ? '' : ` (${answer.code})`
  return new MediatorError(code, `${where}: ${words}${number}`)
}

function meaningOf({ code, status, csrf, unrecognised }: Refused): Meaning {
  if (code !== undefined) return CODES.get(code) ?? UNKNOWN_CODE
  if (unrecognised) return [502, 'UNEXPECTED', 'the answer is not as documented']
  if (csrf) return [403, 'UNREACHABLE', 'the token of the session was not accepted']
  return STATUSES[status]
}

function refusedBy(http: number, words: string, body: unknown, data: Said | undefined): Refused {
  if (data?.statusCode) return refusedWith(data.statusCode, data, body)
  const status = statusOf(http)
  const msg = data?.statusMessage || data?.errorDescription || `${STATUSES[status][2]} (HTTP ${http})`
  const csrf = http === 403 && body === undefined && /csrf/i.test(words)
  return { ok: false, status, msg, body: body ?? excerpt(words), ...(csrf && { csrf }) }
}

function refusedWith(code: number, { statusMessage }: Said, body: unknown): Refused {
  const [status, , words] = CODES.get(code) ?? UNKNOWN_CODE
  return { ok: false, status, code, msg: statusMessage || `${words} (${code})`, body }
}

/** The dialect without codes does not tell why: the desk could do it at another time, or to another target. */
function denied({ errorDescription }: Said, body: unknown): Refused {
  return { ok: false, status: 409, msg: errorDescription || STATUSES[409][2], body }
}

function isOk(status: string | number): boolean {
  return ['ok', '0'].includes(String(status).toLowerCase())
}

const EXACT: ReadonlySet<number> = new Set([400, 401, 403, 404, 409])

function statusOf(http: number): Refused['status'] {
  if (EXACT.has(http)) return http as Refused['status']
  return http >= 500 || http === 408 || http === 429 ? 502 : 400
}

const EXCERPT = 500

function excerpt(words: string): string {
  return words.slice(0, EXCERPT)
}
