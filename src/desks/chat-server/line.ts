import { MediatorError } from '../../domain/errors.ts'
import type { Dial } from './sockets.ts'

/** One connection to the chat server, from when it stands until it is closed; it never comes back. */
export type Line = {
  /** Aborts when it is closed, by whomever. */
  closed: AbortSignal
  /** `acked` is called if the server acknowledges, which is not documented. Throws UNREACHABLE on a closed line. */
  emit(event: string, payload: unknown, acked?: (answer: unknown[]) => void): void
}

export type Ears = Record<string, (payload: unknown) => void>

/** The server, or the library, did not let us in. `cause`: as it was told, which differs with library and transport. */
class HandshakeFailure extends Error {
  override readonly name = 'HandshakeFailure'
}

/** For the whole handshake: the libraries wait for its second half without end, in ms. */
const HANDSHAKE_MS = 15_000

const REFUSALS = ['connect_error', 'connect_timeout', 'error']

/** Rejects with HandshakeFailure. */
export function openLine(dial: Dial, ears: Ears, signal: AbortSignal): Promise<Line> {
  const { promise, resolve, reject } = Promise.withResolvers<Line>()
  const closed = new AbortController()
  const socket = dial()
  const late = setTimeout(close, HANDSHAKE_MS)
  for (const event of REFUSALS)
    socket.on(event, cause => {
      reject(new HandshakeFailure('refused', { cause }))
      if (!socket.connected) close()
    })
  for (const [event, hear] of Object.entries(ears)) socket.on(event, hear)
  socket.on('connect', () => {
    clearTimeout(late)
    resolve({ closed: closed.signal, emit })
  })
  socket.on('disconnect', close)
  if (signal.aborted) close()
  else signal.addEventListener('abort', close)
  return promise

  function close(): void {
    if (closed.signal.aborted) return
    clearTimeout(late)
    signal.removeEventListener('abort', close)
    closed.abort()
    socket.close()
    reject(new HandshakeFailure('closed before it stood'))
  }

  function emit(event: string, payload: unknown, acked?: (answer: unknown[]) => void): void {
    // The library would keep it, and say it nobody knows when.
    if (closed.signal.aborted || !socket.connected)
      throw new MediatorError('UNREACHABLE', 'the connection to the chat server is down')
    socket.emit(event, payload, ...(acked ? [(...answer: unknown[]) => acked(answer)] : []))
  }
}
