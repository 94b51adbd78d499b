import { randomBytes } from 'node:crypto'
import { type Faults, installFaults } from '../lib/faults.ts'
import { type AgentDesk, createAgentDesk } from './agent-desk.ts'
import { addDeskRoutes } from './desk-routes.ts'
import { installLimiter, tooManyRequests } from './limiter.ts'
import { type ProfileName, traitsOf } from './profiles.ts'
import { addApi, answerUnknownPaths, createServer, logRequests, tellTime } from './server.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { type AgentSeed, createState, type DepartmentSeed, type State } from './state.ts'
import { createWebhooks } from './webhooks.ts'
import type { WorkspaceCore } from './workspace.ts'

export { deskRouteList } from './desk-routes.ts'
export type { ProfileName } from './profiles.ts'
export type { Settings } from './settings.ts'
export type { Agent, Department, Message, Room, Visitor, WebhookDelivery } from './types.ts'

export type RocketchatOptions = {
  /** 0, the default, takes any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** The release to play; default 8.8. */
  profile?: ProfileName
  webhook?: { url: string; secret?: string }
  settings?: Partial<Settings>
  /** Keeps no logs and spares work nobody looks at, for benchmarks. */
  fast?: boolean
  departments?: DepartmentSeed[]
  agents?: AgentSeed[]
  /** The keys of custom fields that exist, with their scope. */
  customFields?: Record<string, 'visitor' | 'room'>
  /** The logged-in user for the routes that need one. */
  bot?: { userId: string; authToken: string }
  /** Milliseconds since the epoch; default the machine's clock. */
  now?: () => number
}

/** A running workspace. The agent's actions are described at {@link AgentDesk}. */
export type Rocketchat = AgentDesk & {
  /** The site's address, without `/api/v1`. */
  url: string
  faults: Faults
  /** What the server knows and has seen. To be read, not written. */
  state: State
  /** May be changed while running. */
  settings: Settings
  setWebhook(url: string, secret?: string): void
  /** Resolves when every webhook is delivered, dropped or given up. */
  webhooksSettled(): Promise<void>
  stop(): Promise<void>
}

/** Starts a Rocket.Chat Omnichannel server that a visitor's software cannot tell from the release it plays. */
export async function startRocketchat(options: RocketchatOptions = {}): Promise<Rocketchat> {
  const core = createCore(options)
  const app = createServer(core.traits)
  answerUnknownPaths(app, core.traits)
  const { settings, state } = core
  const faultOptions = { tooManyRequests: (resetMs: number) => limitedAnswer(core, resetMs) }
  logRequests(app, core)
  if (options.now) tellTime(app, core)
  const faults = installFaults(app, faultOptions)
  const { settled, stop, ...webhooks } = createWebhooks(core, faults.webhooks)
  const workspace = { ...core, ...webhooks }
  installLimiter(app, workspace)
  const setWebhook = (url: string, secret = '') =>
    void Object.assign(settings, { Livechat_webhookUrl: url, Livechat_secret_token: secret })
  const desk = { ...createAgentDesk(workspace), setWebhook, webhooksSettled: settled }
  addApi(app, workspace)
  addDeskRoutes(app, workspace, desk)
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  settings.Site_Url ||= url
  return { ...desk, url, faults, state, settings, stop: () => app.close().then(stop) }
}

function createCore(options: RocketchatOptions): WorkspaceCore {
  const state = createState(options.agents, options.departments)
  for (const [key, scope] of Object.entries(options.customFields ?? {})) state.customFields.set(key, scope)
  const { url = '', secret = '' } = options.webhook ?? {}
  return {
    traits: traitsOf(options.profile ?? '8.8'),
    settings: {
      ...defaultSettings,
      Livechat_webhookUrl: url,
      Livechat_secret_token: secret,
      ...options.settings,
    },
    state,
    now: options.now ?? Date.now,
    fast: options.fast ?? false,
    bot: options.bot ?? { userId: 'simulatedBotUser1', authToken: 'simulated-bot-token' },
    fileSecret: randomBytes(32).toString('hex'),
  }
}

/** A 429 as the limiter gives it, for the fault of that name. */
function limitedAnswer({ now }: WorkspaceCore, resetMs: number) {
  const headers = {
    'X-RateLimit-Limit': 10,
    'X-RateLimit-Remaining': 0,
    'X-RateLimit-Reset': now() + resetMs,
  }
  return { headers, body: tooManyRequests(resetMs) }
}
