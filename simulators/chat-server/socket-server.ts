import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import { Server } from 'socket.io'
import { isAllowedHandshake, isAllowedHeader } from './access.ts'
import { type Core, record } from './core.ts'
import { hear } from './hear.ts'
import type { Wire, WireServer } from './wire.ts'

export type Protocol = 4 | 2
type ServerOptions = {
  path: string
  serveClient: false
  allowEIO3?: boolean
  allowRequest(request: IncomingMessage, answer: (problem: string | null, isAllowed: boolean) => void): void
}
type Options = { protocol?: Protocol; allowEIO3?: boolean; path?: string }

const require = createRequire(import.meta.url)
/** The old release has no types, and comes as CommonJS. */
const OldServer: new (options: ServerOptions) => WireServer = require('socket.io-2')

/** Lets Socket.IO listen on the HTTP server, in front of the REST routes. */
export function attachSocketServer(
  app: FastifyInstance,
  core: Core,
  { protocol = 4, allowEIO3 = false, path = '/socket.io' }: Options,
): void {
  const options: ServerOptions = {
    path,
    serveClient: false,
    allowEIO3,
    allowRequest: (request, answer) => answer('Forbidden', isAllowedHeader(core, request.headers)),
  }
  const io: WireServer = protocol === 2 ? new OldServer(options) : new Server(options)
  // Before it is attached: release 2 confirms the connection before its middleware runs, if there is none yet.
  io.use((wire, next) =>
    next(isAllowedHandshake(core, wire.handshake) ? undefined : new Error('unauthorized')),
  )
  io.on('connection', wire => welcome(core, wire))
  attachForGood(app.server, io, options)
  app.addHook('preClose', async () => void io.engine.close())
}

/** Once the port goes down, the library would close its websocket part, which no later `listen` opens again. */
function attachForGood(server: HttpServer, io: WireServer, options: ServerOptions): void {
  const before = new Set(server.listeners('close'))
  // Release 2 reads `allowRequest` only here.
  io.attach(server, options)
  const added = server.listeners('close').filter(listener => !before.has(listener))
  for (const listener of added) server.off('close', listener as () => void)
}

function welcome(core: Core, wire: Wire): void {
  core.wires.set(wire.id, wire)
  record(core, { kind: 'connected', socket: wire.id, event: '', payload: wire.handshake.query })
  wire.use((packet, next) => {
    hear(core, wire, packet)
    next()
  })
  wire.on('disconnect', reason => {
    core.wires.delete(wire.id)
    for (const { members } of core.state.conversations.values()) members.delete(wire.id)
    record(core, { kind: 'disconnected', socket: wire.id, event: reason, payload: undefined })
  })
}
