import type { Call } from '../../../lib/call.ts'
import type { Reply } from '../../../lib/http-door.ts'
import type { Kit } from '../../../lib/kit.ts'
import { readAnswer } from '../answer.ts'
import { createCookieJar } from './cookie-jar.ts'
import type { SeatConnection, SeatSettings } from './settings.ts'

export type SeatRequest = {
  method: 'GET' | 'POST'
  /** The pattern, for logs. */
  route: string
  /** After the connection's `url`. */
  path: string
  json?: unknown
  timeoutMs?: number
  maxBytes?: number
}

/** The requests of one login, with its own cookies: what a server knows of one seat must never reach another. */
export type SeatHttp = {
  /**
   * Answers of all statuses but 408 and 429 come back. A token that is refused is asked for again, once, and the request
   * sent again, once [D]: docs.genesys.com, GWS API, CSRFProtection.
   */
  send(request: SeatRequest, call: Call): Promise<Reply>
  /** From now on a stranger. */
  forget(): void
}

/** For each request: somebody waits for several of them. */
const TIMEOUT_MS = 5_000

const ME: SeatRequest = { method: 'GET', route: 'me', path: '/me' }

type Token = { header: string; value: string }

export function createSeatHttp(
  { user, password }: SeatSettings,
  { url, headers }: Pick<SeatConnection, 'url' | 'headers'>,
  { http, clock }: Pick<Kit, 'http' | 'clock'>,
): SeatHttp {
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const jar = createCookieJar(clock)
  let token: Token | undefined
  let fetching: Promise<unknown> | undefined

  return {
    async send(request, call) {
      const used = token
      const reply = await sendOnce(request, call)
      if (request.method === 'GET' || !isTokenRefused(reply)) return reply
      if (token === used) await fetchToken(call)
      return sendOnce(request, call)
    },
    forget() {
      jar.clear()
      token = undefined
    },
  }

  async function sendOnce({ path, timeoutMs = TIMEOUT_MS, ...request }: SeatRequest, call: Call) {
    const reply = await http.send({
      ...request,
      url: url + path,
      headers: { ...headers, ...login(), ...(request.method === 'POST' && tokenHeader()) },
      timeoutMs,
      accept: saysWhy,
      call,
    })
    jar.take(reply.headers['set-cookie'])
    const told = tokenIn(reply)
    // The same one, told again, is no other.
    if (told && told.value !== token?.value) token = told
    return reply
  }

  function login(): Record<string, string> {
    const cookie = jar.header()
    return { authorization: basic, ...(cookie !== undefined && { cookie }) }
  }

  function tokenHeader(): Record<string, string> {
    return token ? { [token.header]: token.value } : {}
  }

  /** One for all who were refused together. */
  function fetchToken(call: Call): Promise<unknown> {
    fetching ??= sendOnce(ME, call).finally(() => {
      fetching = undefined
    })
    return fetching
  }
}

function saysWhy(status: number): boolean {
  return status >= 400 && status !== 408 && status !== 429
}

function isTokenRefused(reply: Reply): boolean {
  const answer = readAnswer(reply)
  return !answer.ok && answer.csrf === true
}

/** The answer to a GET names the header, and its value [D]. */
function tokenIn({ headers }: Reply): Token | undefined {
  const header = headers['x-csrf-header']
  const value = headers['x-csrf-token']
  if (typeof header !== 'string' || typeof value !== 'string') return undefined
  return /^[\w-]+$/.test(header) ? { header, value } : undefined
}
