import { MediatorError } from '../domain/errors.ts'
import { AddressRefused } from './address-guard.ts'
import type { Call } from './call.ts'
import type { HttpDoor, Reply } from './http-door.ts'

export type FetchedFile = {
  bytes: Buffer
  /** As its host calls it, without parameters; absent when it does not say. */
  contentType?: string
}

/** Where the files people send are fetched from: any host its door leads to, and never with credentials of ours. */
export type FileSource = {
  /**
   * Undefined when it can never be had: refused, gone, larger than 25 MB, no web address, one we do not go to. Throws what
   * may pass.
   */
  fetch(url: string, call: Call): Promise<FetchedFile | undefined>
}

/** In bytes: the most RapidPro takes, and more than desks do by default. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024
const MAX_REDIRECTS = 3

/** For one file, with all the redirects on the way to it. */
export type FileLimits = { timeoutMs: number; maxBytes: number }

const LIMITS: FileLimits = { timeoutMs: 15_000, maxBytes: MAX_FILE_BYTES }

/** `http`: a door with a guard, wherever strangers write the addresses. */
export function createFileSource(http: HttpDoor, limits = LIMITS): FileSource {
  return {
    async fetch(url, call) {
      const deadline = performance.now() + limits.timeoutMs
      const journey: Journey = { http, call, deadline, bytesLeft: limits.maxBytes }
      let stop: Stop | undefined = { url }
      for (let hops = 0; stop !== undefined && hops <= MAX_REDIRECTS; hops++) {
        const reply = await ask(journey, stop)
        if (!reply) return undefined
        if (reply.status < 300) return toFile(reply)
        journey.bytesLeft -= reply.bytes.length
        stop = nextStop(reply, stop)
      }
      return undefined
    },
  }
}

/** From the first address to the last. */
type Journey = {
  http: HttpDoor
  call: Call
  /** `performance.now()` ms. */
  deadline: number
  bytesLeft: number
}

type Stop = { url: string; redirectedFrom?: string }

/** Nobody may answer in another coding: nothing is unpacked here, however small it is packed. */
const HEADERS = { accept: '*/*', 'accept-encoding': 'identity' }

async function ask({ http, call, deadline, bytesLeft }: Journey, stop: Stop): Promise<Reply | undefined> {
  if (!URL.canParse(stop.url)) return undefined
  const limits = { timeoutMs: deadline - performance.now(), maxBytes: bytesLeft, accept: isFinal }
  try {
    return await http.send({ method: 'GET', route: 'file', ...stop, headers: HEADERS, ...limits, call })
  } catch (error) {
    // The host and no more: the rest of an address may be a key to the file.
    if (error instanceof AddressRefused)
      call.log.warn({ host: error.host, reason: error.message }, 'a file is not fetched from there')
    if (error instanceof MediatorError && !error.transient) return undefined
    throw error
  }
}

function isFinal(status: number): boolean {
  return status >= 300 && status < 500 && status !== 408 && status !== 429
}

function nextStop(reply: Reply, { url }: Stop): Stop | undefined {
  const { location } = reply.headers
  if (reply.status >= 400 || typeof location !== 'string') return undefined
  const next = URL.parse(location, url)?.href
  return next === undefined ? undefined : { url: next, redirectedFrom: url }
}

function toFile({ bytes, headers }: Reply): FetchedFile | undefined {
  if (!/^(identity)?$/i.test(String(headers['content-encoding'] ?? ''))) return undefined
  const contentType = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
  return contentType ? { bytes, contentType } : { bytes }
}
