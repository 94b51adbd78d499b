import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http'

/** A connected socket, as far as the sockets of both releases of Socket.IO are alike. */
export type Wire = {
  id: string
  handshake: { headers: IncomingHttpHeaders; query: Record<string, unknown>; auth?: Record<string, unknown> }
  conn: { close(discard?: boolean): void }
  emit(event: string, payload: unknown): unknown
  on(event: 'disconnect', listener: (reason: string) => void): unknown
  /** Sees every event, known or not, as its name, its arguments and, if asked for, the acknowledgement. */
  use(listener: (packet: unknown[], next: () => void) => void): unknown
  disconnect(close?: boolean): unknown
}

/** A Socket.IO server of either release. */
export type WireServer = {
  engine: { close(): unknown }
  attach(server: HttpServer, options: object): unknown
  use(admit: (wire: Wire, next: (error?: Error) => void) => void): unknown
  on(event: 'connection', listener: (wire: Wire) => void): unknown
}
