import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rapidpro, type RapidproOptions, startRapidpro } from '../../simulators/rapidpro/index.ts'
import {
  type Rocketchat,
  type RocketchatOptions,
  startRocketchat,
} from '../../simulators/rocketchat/index.ts'
import { API_TOKEN, type MediatorOptions, type MediatorProcess, startMediator } from './mediator-process.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

export type StoreKind = 'sqlite' | 'redis'

/** Both stores: what is promised holds on each. */
export const STORES: StoreKind[] = ['sqlite', 'redis']

export type WorldOptions = {
  store?: StoreKind
  rocketchat?: RocketchatOptions
  rapidpro?: RapidproOptions
  /** More lines of [bots.rapidpro], of [desks.rocketchat], and whole tables. */
  bot?: string
  desk?: string
  toml?: string
  /** Further files of the configuration folder, name → text. */
  files?: Record<string, string>
  env?: Record<string, string>
}

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

/** A Rocket.Chat, a RapidPro and the mediator between them, each real and on its own port. */
export type World = {
  rocketchat: Rocketchat
  rapidpro: Rapidpro
  redis: RedisServer | undefined
  /** The present process; another one after `restart`. */
  mediator: MediatorProcess
  /** Calls the mediator with its API token, unless headers say otherwise. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A second replica on the same store (Redis only). */
  addReplica(): Promise<MediatorProcess>
  /** Ends the mediator with this signal, and starts it again on the same port, store and configuration. */
  restart(signal?: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

export const WEBHOOK_SECRET = 'webhook-secret-for-tests'

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'mediator-world-'))
  const redis = options.store === 'redis' ? await startRedis({ appendonly: true }) : undefined
  const rapidpro = await startRapidpro(options.rapidpro)
  const rocketchat = await startRocketchat({
    settings: { API_Enable_Rate_Limiter: false },
    ...options.rocketchat,
  })
  writeConfig(dir, options, rapidpro, rocketchat)
  const setup: MediatorOptions = {
    configDir: dir,
    dataDir: join(dir, 'data'),
    redisUrl: redis?.url,
    env: options.env ?? {},
  }
  const replicas: MediatorProcess[] = []
  const world: World = {
    rocketchat,
    rapidpro,
    redis,
    mediator: await startMediator(setup),
    call: (method, path, body, headers) => call(world.mediator.url + path, method, body, headers),
    async addReplica() {
      const replica = await startMediator(setup)
      replicas.push(replica)
      return replica
    },
    async restart(signal = 'SIGTERM') {
      const port = Number(new URL(world.mediator.url).port)
      await world.mediator.stop(signal)
      world.mediator = await startMediator({ ...setup, port })
    },
    async stop() {
      await Promise.all([world.mediator, ...replicas].map(one => one.stop()))
      await Promise.all([rocketchat.stop(), rapidpro.stop(), redis?.stop()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
  rocketchat.setWebhook(`${world.mediator.url}/live-agents/sendMessageToClient`, WEBHOOK_SECRET)
  return world
}

function writeConfig(dir: string, options: WorldOptions, rapidpro: Rapidpro, rocketchat: Rocketchat): void {
  const text = `
${options.toml ?? ''}
[bots.rapidpro]
type = "rapidpro"
url = "${rapidpro.url}"
token = "${rapidpro.token}"
${options.bot ?? ''}
[desks.rocketchat]
type = "rocketchat"
url = "${rocketchat.url}"
webhook_token = "${WEBHOOK_SECRET}"
${options.desk ?? 'rate_limits = "off"'}
`
  writeFileSync(join(dir, 'live-agents.toml'), text)
  for (const [name, content] of Object.entries(options.files ?? {})) writeFileSync(join(dir, name), content)
}

async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, {
    method,
    headers: { authorization: `Token ${API_TOKEN}`, ...headers },
    ...(body === undefined ? {} : { body: text }),
    redirect: 'manual',
  })
  const answer = await response.text()
  return { status: response.status, headers: response.headers, body: parse(answer) }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return { text }
  }
}
