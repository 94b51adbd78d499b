import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '../test/support/free-port.ts'
import type { OtherSide } from './other-side.ts'
import { type Running, run, SERVICE_CPU } from './processes.ts'
import { API_TOKEN, WEBHOOK_SECRET } from './requests.ts'

export type Service = { url: string; process: Running }

export type ServiceSetup = {
  /** A folder for its configuration and its data. Whoever starts a service there again finds what the first has stored. */
  dir: string
  /** The whole of live-agents.toml. */
  config: string
  /** Several services over one Redis are replicas. Absent: the embedded store, in `dataIn(dir)`. */
  redisUrl?: string | undefined
}

/** The real service, in a process of its own. Resolves when it is ready. */
export async function launchService({ dir, config, redisUrl = '' }: ServiceSetup): Promise<Service> {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'live-agents.toml'), config)
  const port = await findFreePort()
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    CONFIG_DIR: dir,
    DATA_DIR: dataIn(dir),
    REDIS_URL: redisUrl,
    API_TOKENS: API_TOKEN,
    // Nobody reads its log, and a desk that is made to fail would fill it.
    LOG_LEVEL: 'error',
  }
  const process = await run(SERVICE_CPU, 'service', env, line => line === 'ready')
  return { url: `http://127.0.0.1:${port}`, process }
}

export function dataIn(dir: string): string {
  return join(dir, 'data')
}

export type Desk = { url: string; secret: string }

/** A live-agents.toml with the bot of `side`, and these desks, by name; when none are named, the one of `side`. */
export function configOf(
  side: OtherSide,
  desks: Record<string, Desk> = { rocketchat: { url: side.rocketchat, secret: WEBHOOK_SECRET } },
): string {
  const bot = `[bots.rapidpro]
type = "rapidpro"
url = "${side.rapidpro}"
token = "${side.token}"
api = "messages"
`
  return bot + Object.entries(desks).map(linesOf).join('')
}

function linesOf([name, { url, secret }]: [string, Desk]): string {
  return `[desks.${name}]
type = "rocketchat"
url = "${url}"
webhook_token = "${secret}"
rate_limits = "off"
`
}
