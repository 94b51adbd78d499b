import { type Faults, installFaults } from '../lib/faults.ts'
import { type AgentDesk, createAgentDesk } from './agent-desk.ts'
import { cuttable } from './connections.ts'
import type { Core } from './core.ts'
import { addDeskRoutes } from './desk-routes.ts'
import { createDisturbances, type Disturbances } from './disturbances.ts'
import { addApi, createHttpServer } from './http.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { attachSocketServer, type Protocol } from './socket-server.ts'
import { createState, type State } from './state.ts'

export type { Said } from './agent-desk.ts'
export { deskRouteList } from './desk-routes.ts'
export type { DropKind } from './disturbances.ts'
export type { Settings } from './settings.ts'
export type { Protocol } from './socket-server.ts'
export type { Lost, SocketEvent, State } from './state.ts'
export type {
  ActivityMessage,
  ActivityType,
  Attachment,
  ChatMessage,
  Conversation,
  Participant,
} from './types.ts'

export type ChatServerOptions = {
  /** 0, the default, takes any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Which Socket.IO the server speaks: 4 (the default, `socket.io` 4) or 2 (`socket.io` 2, for old clients only). */
  protocol?: Protocol
  /** Lets clients of protocol 2 in beside those of 4. Default false, as the library has it. */
  allowEIO3?: boolean
  /** Where Socket.IO listens. Default `/socket.io`. */
  path?: string
  /** How the server behaves; all can be changed while it runs. */
  settings?: Partial<Settings>
  /** Milliseconds since the epoch; default the machine's clock. */
  now?: () => number
}

/** A running chat server. The agents' side is described at {@link AgentDesk}, the trouble at {@link Disturbances}. */
export type ChatServer = AgentDesk &
  Disturbances & {
    /** The address of both REST and Socket.IO, without a path. */
    url: string
    /** For the HTTP routes; its `down` and `up` cut the sockets too. */
    faults: Faults
    /** What the server knows and has seen. To be read, not written. */
    state: State
    /** May be changed while running. */
    settings: Settings
    stop(): Promise<void>
  }

/** Starts an Expertflow Hybrid Chat server as a customer channel connector sees it: REST and Socket.IO on one port. */
export async function startChatServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const core: Core = {
    // A copy: its lists are used up.
    settings: structuredClone({ ...defaultSettings, ...options.settings }),
    state: createState(),
    now: options.now ?? Date.now,
    wires: new Map(),
  }
  const app = createHttpServer(core)
  const faults = cuttable(app, core, installFaults(app))
  addApi(app, core)
  attachSocketServer(app, core, options)
  const drivers = { ...createAgentDesk(core), ...createDisturbances(core, faults) }
  addDeskRoutes(app, core, drivers)
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  const { state, settings } = core
  return { ...drivers, url, faults, state, settings, stop: () => app.close() }
}
