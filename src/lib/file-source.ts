import { MediatorError } from '../domain/errors.ts'
import type { Call } from './call.ts'
import type { HttpDoor, Reply } from './http-door.ts'

export type FetchedFile = {
  bytes: Buffer
  /** As its host calls it, without parameters; absent when it does not say. */
  contentType?: string
}

/** Where the files people send are fetched from: any host, and never with credentials of ours. */
export type FileSource = {
  /** Undefined when it can never be had: refused, gone, larger than 25 MB, no web address. Throws what may pass. */
  fetch(url: string, call: Call): Promise<FetchedFile | undefined>
}

/** In bytes: the most RapidPro takes, and more than desks do by default. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024
const TIMEOUT_MS = 15_000
const MAX_REDIRECTS = 3

export function createFileSource(http: HttpDoor): FileSource {
  return {
    async fetch(url, call) {
      let address: string | undefined = url
      for (let hops = 0; address !== undefined && hops <= MAX_REDIRECTS; hops++) {
        const reply = await ask(http, address, call)
        if (!reply) return undefined
        if (reply.status < 300) return toFile(reply)
        address = nextAddress(reply, address)
      }
      return undefined
    },
  }
}

async function ask(http: HttpDoor, url: string, call: Call): Promise<Reply | undefined> {
  if (!isWebAddress(url)) return undefined
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_FILE_BYTES, accept: isFinal }
  try {
    return await http.send({ method: 'GET', route: 'file', url, headers: { accept: '*/*' }, ...limits, call })
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
  if (reply.status >= 400 || typeof location !== 'string') return undefined
  return URL.parse(location, address)?.href
}

function isWebAddress(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}

function toFile({ bytes, headers }: Reply): FetchedFile {
  const contentType = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
  return contentType ? { bytes, contentType } : { bytes }
}
