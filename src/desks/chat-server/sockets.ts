import { MediatorError } from '../../domain/errors.ts'
import type { Settings } from './settings.ts'

/** A socket of either library, as far as they are alike. It has not connected yet. */
export type Socket = {
  connected: boolean
  on(event: string, heard: (payload: unknown) => void): unknown
  emit(event: string, ...payload: unknown[]): unknown
  close(): unknown
}

/** Makes a socket that connects at once, and never again by itself. */
export type Dial = () => Socket

type Target = Pick<Settings, 'url' | 'path' | 'socket_protocol' | 'transports' | 'headers' | 'auth'>

const HANDSHAKE_MS = 10_000

/** Loads the library for the protocol. Throws MISCONFIGURED where it is not installed. */
export async function loadSockets(target: Target): Promise<Dial> {
  return target.socket_protocol === 4 ? loadPresent(target) : loadOld(target)
}

/**
 * A new socket for every connection: the libraries keep what is said while one is down, and say it before we have joined
 * anything again.
 */
function common({ path, transports }: Target) {
  return { path, transports: [...transports], forceNew: true, reconnection: false, timeout: HANDSHAKE_MS }
}

async function loadPresent(target: Target): Promise<Dial> {
  const { io } = await import('socket.io-client')
  const { headers, auth } = target
  // Cookies of a proxy keep the polls of one socket on one server.
  const options = { ...common(target), extraHeaders: headers, auth, withCredentials: true }
  return () => io(originOf(target), options) as Socket
}

async function loadOld(target: Target): Promise<Dial> {
  const io = await import('socket.io-client-2').then(({ default: library }) => library, refuseMissing)
  const { headers, auth } = target
  const options = { ...common(target), extraHeaders: headers, query: auth }
  return () => io(originOf(target), options)
}

/** Anything after the host would be read as a namespace. */
function originOf({ url }: Target): string {
  return new URL(url).origin
}

function refuseMissing(cause: unknown): never {
  throw new MediatorError(
    'MISCONFIGURED',
    'socket_protocol = 2 needs the optional package socket.io-client-2: install it, or write socket_protocol = 4',
    { cause },
  )
}
