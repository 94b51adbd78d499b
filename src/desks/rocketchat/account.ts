import type { FormData } from 'undici'
import type { ZodType } from 'zod'
import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Pacer } from '../../lib/pacer.ts'
import { type Meanings, toRefusal } from './errors.ts'
import { createLimits, type Limits } from './limits.ts'
import { epochMs } from './room-events.ts'
import type { Settings } from './settings.ts'

/** One Rocket.Chat workspace, as we call it. */
export type Account = Kit & {
  /** `https://chat.example.org/api/v1/` */
  api: string
  /** Login headers of the bot user, if there is one. */
  login: Record<string, string>
  limits: Limits
}

export function createAccount(settings: Settings, kit: Kit): Account {
  const { user_id, auth_token } = settings
  const login = user_id && auth_token ? { 'X-User-Id': user_id, 'X-Auth-Token': auth_token } : undefined
  const limits = createLimits(settings.rate_limits, kit.clock)
  return { ...kit, api: `${settings.url}/api/v1/`, login: login ?? {}, limits }
}

export type Question<T> = {
  method: 'GET' | 'POST'
  /** The pattern: what the server counts by, and all that logs may see. */
  route: string
  /** The route filled in, with its query; the route itself when absent. */
  path?: string
  json?: unknown
  body?: FormData
  headers?: Record<string, string>
  /** In place of the route's own. */
  pacer?: Pacer
  timeoutMs?: number
  /** The success body. */
  answer: ZodType<T>
  meanings?: Meanings
}

/** Throws Refusal when the server says no, UNEXPECTED when it answers something else than documented. */
export async function ask<T>(account: Account, question: Question<T>, call: Call): Promise<T> {
  return (await askWhen(account, question, call)).read
}

/** Also the answer's `Date`, epoch ms, cut to the second; undefined where there is none. */
export async function askWhen<T>(
  account: Account,
  question: Question<T>,
  call: Call,
): Promise<{ read: T; at: number | undefined }> {
  const { method, route, path = route, answer, meanings = new Map(), headers, ...rest } = question
  const reply = await account.http.send({
    ...rest,
    method,
    route,
    url: account.api + path,
    headers: { ...account.login, ...headers },
    pacer: question.pacer ?? account.limits(method, route),
    accept: isRefusal,
    call,
  })
  const where = `${account.name} ${method} ${route}`
  const body = reply.json()
  if (reply.status >= 300)
    throw toRefusal({ where, status: reply.status, body, meanings, now: account.clock.now() })
  const read = answer.safeParse(body)
  if (read.success) return { read: read.data, at: timeOf(reply.headers.date) }
  const key = read.error.issues[0]?.path.join('.') || 'the body'
  throw new MediatorError('UNEXPECTED', `${where}: the answer is not as documented (${key})`)
}

function timeOf(date: string | string[] | undefined): number | undefined {
  return typeof date === 'string' ? epochMs(date) : undefined
}

/** What says why in its body. The rest means the same everywhere and is read by the HTTP door. */
function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && ![401, 408, 429].includes(status)
}
