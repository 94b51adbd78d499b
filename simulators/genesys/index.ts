import { type Faults, installFaults } from '../lib/faults.ts'
import { type AgentDesk, createAgentDesk } from './agent-desk.ts'
import { addBayeux } from './bayeux.ts'
import { addDeskRoutes } from './desk-routes.ts'
import type { GenesysOptions } from './options.ts'
import { addCustomerRoutes } from './routes/customer.ts'
import { addGmsRoutes } from './routes/gms.ts'
import { addInteractionRoutes } from './routes/interactions.ts'
import { addMeRoutes } from './routes/me.ts'
import { createSeatLogin } from './seat-login.ts'
import { createServer, logRequests } from './server.ts'
import type { Settings } from './settings.ts'
import type { State } from './state.ts'
import { createWorkspace } from './workspace.ts'

export { deskRouteList } from './desk-routes.ts'
export type { GenesysOptions } from './options.ts'
export type { Settings } from './settings.ts'
export type { Chat, LogEntry, LoggedRequest, Participant, Poll, Routing, User } from './types.ts'

/** A running contact centre. What agents and customers do in it is described at {@link AgentDesk}. */
export type Genesys = AgentDesk & {
  /** The site's root. GWS is at `/api/v2` below it, GMS at `/genesys/2/chat/<service>`. */
  url: string
  contactCenterId: string
  /**
   * Requests go wrong as everywhere (routes are paths). Notifications count as webhooks: `duplicate`, `reorder`, `drop` and
   * `delay`, with the channel (`/v2/me/chats`) as route. On answers of the Bayeux server only the faults before the handler
   * work, not `reset-after` and `half-json`.
   */
  faults: Faults
  /** What the server knows and has seen, every request included. To be read, not written. */
  state: State
  /** May be changed while running. */
  settings: Settings
  stop(): Promise<void>
}

/** Starts a contact centre with GWS (seats, notifications, customer chat) and GMS chat, on one port. */
export async function startGenesys(options: GenesysOptions = {}): Promise<Genesys> {
  const app = createServer()
  const workspace = createWorkspace(options)
  logRequests(app, workspace)
  const faults = installFaults(app)
  const login = createSeatLogin(workspace)
  const notifications = addBayeux(app, workspace, login, faults.webhooks, options)
  addMeRoutes(app, workspace, login, notifications)
  addInteractionRoutes(app, workspace, login)
  addCustomerRoutes(app, workspace)
  addGmsRoutes(app, workspace, options.gmsAuth)
  const desk = createAgentDesk(workspace, login, notifications)
  addDeskRoutes(app, workspace, desk)
  const { host = '127.0.0.1', port = 0 } = options
  workspace.site.url = await app.listen({ port, host })
  const stop = async () => {
    workspace.timers.stopAll()
    notifications.stop()
    await app.close()
  }
  const { contactCenterId, state, settings } = workspace
  return { ...desk, url: workspace.site.url, contactCenterId, faults, state, settings, stop }
}
