import { type Faults, installFaults } from '../lib/faults.ts'
import { type AgentDesk, createAgentDesk } from './agent-desk.ts'
import { addDeskRoutes } from './desk-routes.ts'
import { existing } from './live.ts'
import { createLiveEvents } from './live-events.ts'
import { addApi } from './routes.ts'
import { createServer, logRequests } from './server.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { createState, type Line, type State } from './state.ts'

export type { AgentDesk } from './agent-desk.ts'
export { deskRouteList } from './desk-routes.ts'
export type { Settings } from './settings.ts'
export type { Agent, Conversation, Delivery, Item, Line, LoggedRequest, State } from './state.ts'

export type AivoOptions = {
  /** 0, the default, takes any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  settings?: Partial<Settings>
  /** Milliseconds since the epoch; default the machine's clock. */
  now?: () => number
}

/** A running Aivo Live. */
export type Aivo = {
  /** The site root; the API is under `/api/v1/live-handler` and, once more, under `/conversations`. */
  url: string
  faults: Faults
  /** To be read, not written. */
  state: State
  /** May be changed while running. */
  settings: Settings
  /** What the agents do, and the events it makes. */
  drivers: AgentDesk
  /** `url` with its `?token=`. */
  setWebhook(url: string): void
  /** Resolves when every event is posted, or dropped. */
  webhooksSettled(): Promise<void>
  /** Who said what in a conversation, in order; named as for the drivers. Throws when there is none. */
  linesOf(who: string): Line[]
  stop(): Promise<void>
}

/** Starts an Aivo Live with its API and its webhook. What no page tells of it is a guess, and a setting where it matters. */
export async function startAivo(options: AivoOptions = {}): Promise<Aivo> {
  const settings = { ...defaultSettings, ...options.settings }
  const core = { settings, state: createState(), now: options.now ?? Date.now }
  const app = createServer()
  logRequests(app, core.state)
  const faults = installFaults(app)
  const events = createLiveEvents({ ...core, gate: faults.webhooks })
  const live = { ...core, events }
  const drivers = createAgentDesk(live)
  addApi(app, live)
  addDeskRoutes(app, live, drivers)
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  return {
    url,
    faults,
    state: core.state,
    settings,
    drivers,
    setWebhook: address => {
      settings.webhookUrl = address
    },
    webhooksSettled: events.settled,
    linesOf: who => existing(live, who).lines,
    stop: () => app.close().then(events.stop),
  }
}
