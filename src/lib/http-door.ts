import type { Logger } from 'pino'
import { Agent, type Dispatcher, type FormData } from 'undici'
import { MediatorError } from '../domain/errors.ts'
import { type AddressGuard, AddressRefused } from './address-guard.ts'
import { type Breaker, createBreaker, NO_BREAKER } from './breaker.ts'
import type { Clock } from './clock.ts'
import { exchange } from './exchange.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import type { Pacer } from './pacer.ts'
import { watchRecovery } from './recovery.ts'

/** One call to another system. */
export type OutgoingCall = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The pattern of the path (`livechat/upload/:rid`), for logs and metrics: never the path itself, which may hold secrets. */
  route: string
  url: string
  /** The address that sent us to this one. */
  redirectedFrom?: string
  headers?: Record<string, string>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is; its content type comes with `headers`, or from the FormData. */
  body?: string | Uint8Array | FormData
  /** Waits its turn under this limit, or throws THROTTLED with the time of its turn. */
  pacer?: Pacer
  /** For the whole call, in ms. */
  timeoutMs?: number
  /** Most bytes read of the answer. */
  maxBytes?: number
  /** Statuses the caller wants to see itself; 2xx always are. Everything else is thrown as the class of its status. */
  accept?: (status: number) => boolean
  call: { signal: AbortSignal; log: Logger; attempt?: number; idle?: boolean }
}

export type Reply = {
  status: number
  headers: Record<string, string | string[] | undefined>
  bytes: Buffer
  /** The body as JSON; undefined when it is none. */
  json(): unknown
}

/** The only way out. One per account, with its own connections and breaker, so a slow desk does not slow the others. */
export type HttpDoor = {
  send(call: OutgoingCall): Promise<Reply>
  close(): Promise<void>
}

export type Observe = (what: { account: string; route: string; status: string; ms: number }) => void

export type DoorOptions = {
  /** The desk or bot it leads to, for logs, metrics and error texts. */
  account: string
  clock: Clock
  observe?: Observe
  /** Called when the other side takes calls again after it had failed for a while. */
  onRecovery?: () => void
  /** Off where it leads to many hosts, of which one says nothing about the others. */
  breaker?: 'off'
  /** Connections kept at most per origin. */
  connections?: number
  /** Where strangers say where it leads to. What it refuses is thrown as AddressRefused, and counted as FORBIDDEN. */
  guard?: AddressGuard
}

/** The connections of one door, and what is under way on them. */
type Line = { agent: Agent; inFlight: InFlight; guard: AddressGuard | undefined }

const DEFAULT_TIMEOUT_MS = 7_000
const DEFAULT_MAX_BYTES = 2 * 1024 * 1024

export function createHttpDoor(options: DoorOptions): HttpDoor {
  const agent = new Agent({
    connections: options.connections ?? 128,
    connect: options.guard?.connect ?? { timeout: 5_000 },
    keepAliveTimeout: 20_000,
  })
  const breaker = options.breaker === 'off' ? NO_BREAKER : createBreaker(options.clock)
  const line: Line = { agent, inFlight: createInFlight(), guard: options.guard }
  const recovery = watchRecovery(options.onRecovery ?? (() => undefined))
  const watch: Watch = { breaker, recovery }
  return {
    send: call => guarded(options, watch, call, () => carryOut(line, call)),
    close: () => agent.destroy(),
  }
}

/** What is learned from how calls end. */
type Watch = { breaker: Breaker; recovery: ReturnType<typeof watchRecovery> }

async function guarded(
  options: DoorOptions,
  watch: Watch,
  call: OutgoingCall,
  run: () => Promise<Reply>,
): Promise<Reply> {
  watch.breaker.check(options.account)
  call.pacer?.take(options.account, call.route)
  const started = performance.now()
  const reply = await run().catch(error => unanswered(options.account, call, error))
  learn(watch, call, reply)
  const status = outcomeOf(reply)
  const ms = Math.round(performance.now() - started)
  options.observe?.({ account: options.account, route: call.route, status, ms })
  call.call.log.debug({ account: options.account, route: call.route, status, ms }, 'called')
  if (reply instanceof MediatorError) {
    if (reply.neverArrived) call.pacer?.giveBack()
    throw reply
  }
  if (isWanted(call, reply.status)) return reply
  throw refusal(options, call, reply)
}

/** An idle call that fails says nothing of those that matter. */
function learn({ breaker, recovery }: Watch, { call }: OutgoingCall, reply: Reply | MediatorError): void {
  const status = reply instanceof MediatorError ? undefined : reply.status
  const isWell = status !== undefined && status < 500
  if (call.idle && !isWell) return
  breaker.report(isWell)
  recovery(status)
}

function outcomeOf(reply: Reply | MediatorError): string {
  if (reply instanceof AddressRefused) return 'FORBIDDEN'
  return reply instanceof MediatorError ? reply.code : String(reply.status)
}

function isWanted(call: OutgoingCall, status: number): boolean {
  return (status >= 200 && status < 300) || (call.accept?.(status) ?? false)
}

async function carryOut(line: Line, call: OutgoingCall): Promise<Reply> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = call
  const url = new URL(call.url)
  if (!/^https?:$/.test(url.protocol)) throw new AddressRefused(url.hostname, 'is not asked for by http')
  line.guard?.check(url, call.redirectedFrom)
  const limits = { timeoutMs, maxBytes, signal: call.call.signal }
  const { status, headers, bytes } = await exchange(line.agent, requestOf(url, call), line.inFlight, limits)
  return { status, headers, bytes, json: () => parseJson(bytes) }
}

function requestOf({ origin, pathname, search }: URL, call: OutgoingCall): Dispatcher.DispatchOptions {
  const target = { origin, path: pathname + search, method: call.method }
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers }
  if (call.json === undefined) return { ...target, headers, body: call.body ?? null }
  headers['content-type'] = 'application/json'
  return { ...target, headers, body: JSON.stringify(call.json) }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The call got no whole answer: the other side may or may not have done it. */
function unanswered(account: string, call: OutgoingCall, error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  const { name, code } = error as { name?: string; code?: string }
  const timedOut = name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT/.test(code ?? '')
  if (timedOut)
    return new MediatorError('TIMEOUT', `${account} did not answer ${call.method} ${call.route} in time`, {
      cause: error,
    })
  return new MediatorError(
    'UNREACHABLE',
    `${account} cannot be reached (${code ?? name ?? 'no reason given'})`,
    { cause: error, neverArrived: NEVER_ARRIVED.has(code ?? '') },
  )
}

const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** The class of an error status. Adapters that know more of the body take the status themselves (`accept`). */
function refusal(options: DoorOptions, call: OutgoingCall, reply: Reply): MediatorError {
  const where = `${options.account} answered ${reply.status} to ${call.method} ${call.route}`
  if (reply.status === 429) return throttled(options, call, reply, where)
  if (reply.status === 401 || reply.status === 403)
    return new MediatorError(
      'MISCONFIGURED',
      `${where}: check its address and credentials in live-agents.toml`,
    )
  if (reply.status >= 500 || reply.status === 408) return new MediatorError('UNREACHABLE', where)
  return new MediatorError('REJECTED', where)
}

function throttled(options: DoorOptions, call: OutgoingCall, reply: Reply, where: string): MediatorError {
  const retryAt = retryTime(reply.headers, options.clock.now())
  call.pacer?.block(retryAt)
  return new MediatorError('THROTTLED', where, { retryAt })
}

const HOUR_MS = 3_600_000

/** `Retry-After` in seconds, or `X-RateLimit-Reset` in epoch ms (Rocket.Chat); a minute when neither says. */
function retryTime(headers: Reply['headers'], now: number): number {
  const after = Number(headers['retry-after'])
  const reset = Number(headers['x-ratelimit-reset'])
  const at = after > 0 ? now + after * 1000 : reset > now ? reset : now + 60_000
  return Math.min(at, now + HOUR_MS)
}
