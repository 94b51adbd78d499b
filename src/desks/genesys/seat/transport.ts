import type { Message, Transport } from 'cometd'
import { MediatorError } from '../../../domain/errors.ts'
import type { Call } from '../../../lib/call.ts'
import type { Reply } from '../../../lib/http-door.ts'
import { inBrowser, outOfBrowser } from './browser.ts'
import type { SeatHttp } from './seat-http.ts'

/** What the library hands to a transport, and expects of it (Transport.js, RequestTransport.js). */
type Envelope = {
  /** Of the address only the end matters to us: `handshake`, `connect`, `disconnect` or nothing. */
  url: string
  messages: Message[]
  onSuccess(replies: unknown[]): void
  onFailure(conduit: undefined, messages: Message[], failure: Failure): void
}

/** Comes back as `failure` of the messages. */
export type Failure = { httpCode?: number; reason: string; age: number }

/** Sends with the cookies and the login of a seat. */
export type SeatTransport = Transport & {
  send(envelope: Envelope, isConnect: boolean): void
  registered(): void
  unregistered(): void
  reset(): void
  /** Stops all that is under way, and is deaf and dumb from then on: the library may have timers left. */
  close(): void
}

export type TransportKit = {
  http: SeatHttp
  /** Of the login a request is sent with. */
  age(): number
  /** How long the server said it would hold a connect, in ms. */
  holdMs(): number
  call: Call
}

/** An answer that is due is given this long, in ms. */
const PATIENCE_MS = 10_000
const LONGEST_HOLD_MS = 300_000
/** The history of a chat comes in one piece. */
const MAX_BYTES = 16 * 1024 * 1024

export function createTransport({ http, age, holdMs, call }: TransportKit): SeatTransport {
  const closing = new AbortController()
  let underWay = new AbortController()
  const carryLater = outOfBrowser(carry)
  return {
    type: 'long-polling',
    url: '',
    accept: () => true,
    abort() {
      underWay.abort()
      underWay = new AbortController()
    },
    registered: nothing,
    unregistered: nothing,
    reset: nothing,
    send(envelope, isConnect) {
      const { signal } = underWay
      carryLater(envelope, isConnect, signal)
    },
    close: () => closing.abort(),
  }

  async function carry(envelope: Envelope, isConnect: boolean, signal: AbortSignal): Promise<void> {
    if (closing.signal.aborted) return
    const used = age()
    const fail = (failure: Omit<Failure, 'age'>) => () =>
      envelope.onFailure(undefined, envelope.messages, { ...failure, age: used })
    const tell = await post(envelope, isConnect, signal).then(
      reply => {
        const replies = reply.status === 200 ? repliesIn(reply) : undefined
        if (replies) return () => envelope.onSuccess(replies)
        return fail({ httpCode: reply.status, reason: 'no Bayeux messages' })
      },
      error => fail({ reason: error instanceof MediatorError ? error.code : 'UNEXPECTED' }),
    )
    if (!closing.signal.aborted) inBrowser(tell)
  }

  function post({ url, messages }: Envelope, isConnect: boolean, signal: AbortSignal): Promise<Reply> {
    const suffix = /\/(handshake|connect|disconnect)$/.exec(url)?.[0] ?? ''
    return http.send(
      {
        method: 'POST',
        route: `notifications${suffix}`,
        path: `/notifications${suffix}`,
        json: messages,
        timeoutMs: (isConnect ? held(messages) : 0) + PATIENCE_MS,
        maxBytes: MAX_BYTES,
      },
      { ...call, signal: AbortSignal.any([call.signal, closing.signal, signal]) },
    )
  }

  function held(messages: Message[]): number {
    return Math.min(messages[0]?.advice?.timeout ?? holdMs(), LONGEST_HOLD_MS)
  }
}

function repliesIn(reply: Reply): unknown[] | undefined {
  const body = reply.json()
  if (Array.isArray(body)) return body.length > 0 ? body : undefined
  return typeof body === 'object' && body !== null ? [body] : undefined
}

function nothing(): void {}
