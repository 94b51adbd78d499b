import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { MediatorError } from '../domain/errors.ts'
import type { InFlight } from './in-flight.ts'

export type Exchanged = { status: number; headers: IncomingHttpHeaders; bytes: Buffer }

export type ExchangeLimits = {
  /** For the whole call, in ms. */
  timeoutMs: number
  /** Most bytes read of the answer. */
  maxBytes: number
  signal: AbortSignal
}

/** Why a call was broken off by us. */
class Stopped extends Error {
  override readonly name = 'TimeoutError'
}

/** Sends one request and reads the whole answer. Rejects with Stopped, with what undici throws, or when it is too large. */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  inFlight: InFlight,
  limits: ExchangeLimits,
): Promise<Exchanged> {
  if (limits.signal.aborted) return Promise.reject(new Stopped('stopped before it began'))
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, createReader(inFlight, limits, resolve, reject))
  })
}

function createReader(
  inFlight: InFlight,
  { timeoutMs, maxBytes, signal }: ExchangeLimits,
  resolve: (answer: Exchanged) => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = []
  const answer: Exchanged = { status: 0, headers: {}, bytes: EMPTY }
  let size = 0
  let failure: Error | undefined
  let controller: Dispatcher.DispatchController | undefined
  const call = { deadline: performance.now() + timeoutMs, signal, abort }
  inFlight.add(call)

  function abort(): void {
    fail(new Stopped('not over in time'))
  }
  function fail(error: Error): void {
    inFlight.remove(call)
    failure = error
    reject(error)
    controller?.abort(error)
  }
  return {
    onRequestStart(started) {
      controller = started
      // It was given up while it waited for a connection.
      if (failure) started.abort(failure)
    },
    onResponseStart(_controller, status, headers) {
      answer.status = status
      answer.headers = headers
    },
    onResponseData(_controller, chunk) {
      size += chunk.length
      if (size > maxBytes) fail(new MediatorError('REJECTED', `the answer is larger than ${maxBytes} bytes`))
      else chunks.push(chunk)
    },
    onResponseEnd() {
      inFlight.remove(call)
      answer.bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
      resolve(answer)
    },
    onResponseError: (_controller, error) => fail(error),
  }
}

const EMPTY = Buffer.alloc(0)
