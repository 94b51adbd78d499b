import { gunzipSync } from 'node:zlib'
import { type Dispatcher, request } from 'undici'

export type Exchange = {
  url: string
  method: string
  headers: Record<string, string>
  body: string | undefined
  /** For the whole exchange, redirects included. */
  timeoutMs: number
  /** Of the answer's body, in bytes. */
  limit: number
}
/** `status` is null when there was no usable answer, and `error` says why. */
export type Attempt = {
  status: number | null
  headers: Record<string, string>
  body: string
  error: string | null
}

const maxRedirects = 10

/** Makes one call as Go's HTTP client does, redirects followed. Never throws. */
export async function attempt(exchange: Exchange): Promise<Attempt> {
  try {
    return await follow(exchange, AbortSignal.timeout(exchange.timeoutMs))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { status: null, headers: {}, body: '', error: reason }
  }
}

async function follow(exchange: Exchange, signal: AbortSignal): Promise<Attempt> {
  let { url, method, body } = exchange
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const { headers } = exchange
    const answer = await request(url, { method: method as Dispatcher.HttpMethod, headers, body, signal })
    const location = answer.headers.location
    if (!isRedirect(answer.statusCode) || typeof location !== 'string') return read(answer, exchange.limit)
    await answer.body.dump()
    url = new URL(location, url).href
    // Go turns any but these two into a request without a body.
    if (answer.statusCode !== 307 && answer.statusCode !== 308) {
      method = method === 'HEAD' ? 'HEAD' : 'GET'
      body = undefined
    }
  }
  throw new Error('stopped after 10 redirects')
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

async function read(answer: Dispatcher.ResponseData, limit: number): Promise<Attempt> {
  const raw = Buffer.from(await answer.body.arrayBuffer())
  const bytes = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  if (bytes.length > limit) throw new Error('webhook response body exceeds size limit')
  const entries = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  const body = bytes.toString().replaceAll('\0', '')
  return { status: answer.statusCode, headers: Object.fromEntries(entries), body, error: null }
}
