import { setTimeout as wait } from 'node:timers/promises'
import { type Attempt, attempt, type Exchange } from './http-attempt.ts'
import type { Profile } from './profile.ts'

export type WebhookCall = {
  /** Default POST. */
  method?: string
  headers?: Record<string, string>
  body?: string
  /** `simulation` is the editor's simulator: no retries. Default `normal`. */
  mode?: 'normal' | 'simulation'
  /** Sent as `Idempotency-Key`, which lets a POST be tried again. */
  idempotencyKey?: string
  /** Default `application/json`; null leaves the header out, as authors can. */
  contentType?: string | null
  /** Per attempt, in ms; default 15 000, as mailroom's. */
  timeoutMs?: number
  /** How to wait between attempts, in ms (about 5 and 10 s); for tests without the wait. */
  sleep?: (ms: number) => Promise<void>
}

/** What a flow makes of a call. */
export type WebhookOutcome = {
  /** The result a flow saves; `value` is the status, or "0" when there was no answer. */
  result: { value: string; category: 'Success' | 'Failure'; input: string; extra?: unknown }
  /** `@webhook`: in the profiles 7.4 and 9 the parsed body, in 26 `{status, headers, json}`. */
  webhook: unknown
  /** `@webhook.msg` or `@webhook.json.msg`, where it is a text. */
  msg: string | null
  /** HTTP status of the last attempt, null when there was none. */
  status: number | null
  body: string
  attempts: number
  /** Of the whole call, all attempts and waits. */
  elapsedMs: number
  /** Why there was no answer. */
  error: string | null
}
export type WebhookCaller = (url: string, call?: WebhookCall) => Promise<WebhookOutcome>

const plannedWaitsMs = [5000, 10_000]
const maxExtraBytes = 10_000

/** Calls as mailroom does (core/goflow/engine.go; nyaruka/gocommon httpx/retries.go). */
export function createWebhookCaller(profile: Profile): WebhookCaller {
  return async (url, call = {}) => {
    const started = performance.now()
    const exchange = describeExchange(profile, url, call)
    const allowed = call.mode === 'simulation' ? 0 : profile.webhookRetries
    const sleep = call.sleep ?? ((ms: number) => wait(ms))
    let last = await attempt(exchange)
    let attempts = 1
    for (const planned of plannedWaitsMs.slice(0, allowed)) {
      const waitMs = planned * (0.75 + Math.random() / 2)
      if (!isWorthRetrying(exchange, last, waitMs)) break
      await sleep(waitMs)
      last = await attempt(exchange)
      attempts += 1
    }
    return describeOutcome(profile, exchange, last, attempts, performance.now() - started)
  }
}

function describeExchange(profile: Profile, url: string, call: WebhookCall): Exchange {
  const { method = 'POST', body, contentType = 'application/json' } = call
  const carries = /^(POST|PUT|PATCH)$/i.test(method)
  const headers = {
    'User-Agent': profile.userAgent,
    Accept: 'application/json',
    ...(carries && contentType !== null ? { 'Content-Type': contentType } : {}),
    ...(call.idempotencyKey === undefined ? {} : { 'Idempotency-Key': call.idempotencyKey }),
    ...call.headers,
    'Accept-Encoding': 'gzip',
    'X-Mailroom-Mode': call.mode ?? 'normal',
  }
  const limit = profile.webhookAnswerLimit
  return { url, method: method.toUpperCase(), headers, body, timeoutMs: call.timeoutMs ?? 15_000, limit }
}

/** A short `Retry-After` is obeyed whatever the status; otherwise only calls that may be repeated are. */
function isWorthRetrying({ method, headers }: Exchange, last: Attempt, waitMs: number): boolean {
  const after = readRetryAfter(last.headers['retry-after'])
  if (after !== undefined && after <= waitMs) return true
  const names = Object.keys(headers).map(name => name.toLowerCase())
  const keyed = names.includes('idempotency-key') || names.includes('x-idempotency-key')
  if (method === 'POST' && !keyed) return false
  return last.status === null || last.status > 501
}

/** Seconds or a date, in ms from now. */
function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at - Date.now()
}

function describeOutcome(
  profile: Profile,
  { method, url }: Exchange,
  { status, headers, body, error }: Attempt,
  attempts: number,
  elapsedMs: number,
): WebhookOutcome {
  const json = parse(body)
  const success = status !== null && status >= 200 && status < 300
  const response = { status: status ?? 0, headers, json: json ?? {} }
  return {
    result: {
      value: String(status ?? 0),
      category: success ? 'Success' : 'Failure',
      input: `${method} ${url}`,
      ...(json !== undefined && Buffer.byteLength(body) < maxExtraBytes ? { extra: json } : {}),
    },
    webhook: profile.webhookShape === 'response' ? response : response.json,
    msg: readMsg(json),
    status,
    body,
    attempts,
    elapsedMs,
    error,
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function readMsg(json: unknown): string | null {
  const msg = typeof json === 'object' && json !== null && 'msg' in json ? json.msg : null
  return typeof msg === 'string' ? msg : null
}
