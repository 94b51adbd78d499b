import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Answered } from './errors.ts'
import { parseExactly } from './exact-json.ts'
import type { Settings } from './settings.ts'
import { type Answer, answer } from './wire.ts'

/** One company at one desk, as we call it. */
export type Account = Kit & {
  base: string
  /** As it stands in a path. */
  company: string
  headers: Record<string, string>
  shape: Settings['body_shape']
}

export type Endpoint = 'createTicket' | 'sendMessage' | 'sendMedia'

/** What is posted: who it is, and all the rest. */
export type Form = { user: Record<string, unknown>; ticket: Record<string, unknown> }

export function createAccount(settings: Settings, kit: Kit): Account {
  const { url, company, token, authorization, body_shape } = settings
  const headers = { authorization: authorization === 'bearer' ? `Bearer ${token}` : token }
  return { ...kit, base: url, company: encodeURIComponent(company), headers, shape: body_shape }
}

const SHAPES: Record<Settings['body_shape'], (form: Form) => unknown> = {
  wrapped: form => ({ body: form }),
  unwrapped: form => form,
  flat: ({ user, ticket }) => ({ ...user, ...ticket }),
}

/** Posts a form; resolves for every answer the desk may have meant as one. */
export async function post(account: Account, endpoint: Endpoint, form: Form, call: Call): Promise<Answered> {
  const { base, company, headers, shape } = account
  const reply = await account.http.send({
    method: 'POST',
    route: `${endpoint}/:company`,
    url: `${base}/${endpoint}/${company}`,
    headers,
    json: SHAPES[shape](form),
    accept: isRefusal,
    call,
  })
  return { where: `${account.name} ${endpoint}`, status: reply.status, answer: readAnswer(reply.bytes) }
}

function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && ![401, 403, 408, 429].includes(status)
}

function readAnswer(bytes: Buffer): Answer | undefined {
  try {
    return answer.safeParse(parseExactly(bytes.toString('utf8'))).data
  } catch {
    return undefined
  }
}
