import { type Faults, installFaults } from '../lib/faults.ts'
import { type AgentDesk, createAgentDesk } from './agent-desk.ts'
import { addApi } from './api.ts'
import { addDeskRoutes } from './desk-routes.ts'
import { createServer, logRequests } from './server.ts'
import { createState, type Desk, type State } from './state.ts'
import type { Agent, Settings } from './types.ts'
import { createWebhooks } from './webhooks.ts'

export { deskRouteList } from './desk-routes.ts'
export type { Agent, Line, LoggedRequest, Mode, Settings, Shape, Ticket, WebhookDelivery } from './types.ts'

export type YellowOptions = {
  /** 0, the default, takes any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Default `acme`. */
  company?: string
  /** Default `simulated-desk-token`. */
  token?: string
  /** Where events go, and what they carry in `x-auth-token`. */
  webhook?: { url: string; token: string }
  /** Default: an agent is available, and repeats are not known. */
  settings?: Partial<Settings>
  /** Default Lin and Sam. */
  agents?: Agent[]
  /** Epoch ms; default the machine's clock. */
  now?: () => number
}

/** A running desk. The agent's actions are described at {@link AgentDesk}. */
export type Yellow = AgentDesk & {
  /** The base of the three endpoints. */
  url: string
  company: string
  token: string
  faults: Faults
  /** What the desk knows and has seen. To be read, not written. */
  state: State
  /** May be changed while running. */
  settings: Settings
  setWebhook(url: string, token: string): void
  /** Resolves when every event is delivered, dropped or given up. */
  webhooksSettled(): Promise<void>
  stop(): Promise<void>
}

/** Starts a help desk that implements Yellow.ai's "Custom Live Agent API" to the letter of its tables. */
export async function startYellow(options: YellowOptions = {}): Promise<Yellow> {
  const desk = createDesk(options)
  const app = createServer()
  logRequests(app, desk)
  const faults = installFaults(app)
  const webhooks = createWebhooks(desk, faults.webhooks)
  const agents = createAgentDesk(desk, webhooks)
  addApi(app, desk)
  addDeskRoutes(app, desk, agents, webhooks)
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  const { company, token, settings, state } = desk
  return {
    ...agents,
    url,
    company,
    token,
    faults,
    state,
    settings,
    setWebhook: (url, token) => void Object.assign(desk.webhook, { url, token }),
    webhooksSettled: webhooks.settled,
    stop: () => app.close().then(webhooks.stop),
  }
}

function createDesk(options: YellowOptions): Desk {
  return {
    company: options.company ?? 'acme',
    token: options.token ?? 'simulated-desk-token',
    webhook: { url: '', token: '', ...options.webhook },
    settings: { mode: 'available', knowsRepeats: false, ...options.settings },
    state: createState(options.agents),
    now: options.now ?? Date.now,
  }
}
