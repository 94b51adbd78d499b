import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { HttpDoor, Reply } from '../../lib/http-door.ts'

export type Download = { bytes: Uint8Array<ArrayBuffer>; contentType?: string }

const MAX_BYTES = 25 * 1024 * 1024
const MAX_REDIRECTS = 3
const TIMEOUT_MS = 20_000

/**
 * The bytes behind an address of the bot's side; undefined when they can never be had (refused, gone, over 25 MB). Throws
 * what may pass: UNREACHABLE, TIMEOUT, THROTTLED.
 */
export async function download(http: HttpDoor, url: string, call: Call): Promise<Download | undefined> {
  let address: string | undefined = url
  for (let hops = 0; address && hops <= MAX_REDIRECTS; hops++) {
    const reply = await fetchOnce(http, address, call)
    if (!reply) return undefined
    if (reply.status < 300) return toDownload(reply)
    address = nextAddress(reply, address)
  }
  return undefined
}

async function fetchOnce(http: HttpDoor, url: string, call: Call): Promise<Reply | undefined> {
  const options = { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS, accept: isFinal, headers: { accept: '*/*' } }
  try {
    return await http.send({ method: 'GET', route: 'attachment', url, ...options, call })
  } catch (error) {
    if (error instanceof MediatorError && !error.transient) return undefined
    throw error
  }
}

function isFinal(status: number): boolean {
  return status >= 300 && status < 500 && status !== 408 && status !== 429
}

function nextAddress(reply: Reply, address: string): string | undefined {
  const { location } = reply.headers
  const next = reply.status < 400 && typeof location === 'string' ? URL.parse(location, address) : null
  return next && /^https?:$/.test(next.protocol) ? next.href : undefined
}

function toDownload({ bytes, headers }: Reply): Download {
  const type = headers['content-type']
  return { bytes: new Uint8Array(bytes), contentType: typeof type === 'string' ? type : undefined }
}
