import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../test/support/free-port.ts'
import type { Period } from '../judge/excuses.ts'
import { type Front, startFront } from './front.ts'
import { type Replica, superviseReplica } from './replica.ts'
import { type RapidproDesk, type RocketchatDesk, startRapidpro, startRocketchat } from './simulators.ts'
import { type Tap, tapRapidpro } from './tap.ts'

/** Where the replicas keep everything. */
export type StoreSide = {
  /** Empty: the embedded store, in `dataDir`. */
  redisUrl: string
  dataDir: string
  /** When it was away. */
  troubles: Period[]
  /** When it was there, but single requests may have failed. */
  shaky?: Period[]
  /** Ends every disturbance of it. */
  heal(): Promise<void>
  stop(): Promise<void>
}

export type WorldOptions<Store extends StoreSide = StoreSide> = {
  replicas: number
  startStore(dir: string): Promise<Store>
  /** More environment of a replica. */
  env?: (replica: number, dir: string) => Record<string, string>
  /** Rocket.Chat's pause before it posts a webhook again; in ms. */
  webhookRetryMs: number
}

/** Several replicas behind a front, their store, and both vendors: everything real, and each in its own process. */
export type World<Store extends StoreSide = StoreSide> = {
  dir: string
  front: Front
  replicas: Replica[]
  taps: Tap[]
  store: Store
  rapidpro: RapidproDesk
  rocketchat: RocketchatDesk
  webhookRetryMs: number
  /** Ends every disturbance. */
  heal(): Promise<void>
  stop(options?: { keepLogs: boolean }): Promise<void>
}

export const API_TOKEN = 'chaos-api-token'
const WEBHOOK_SECRET = 'chaos-webhook-secret'
const RAPIDPRO_TOKEN = 'chaos-rapidpro-token'

export async function buildWorld<Store extends StoreSide>(
  options: WorldOptions<Store>,
): Promise<World<Store>> {
  const dir = mkdtempSync(join(tmpdir(), 'world-'))
  const store = await options.startStore(dir)
  const ports = await findPorts(options.replicas)
  const front = await startFront(ports)
  const webhook = { url: `${front.url}/live-agents/sendMessageToClient`, secret: WEBHOOK_SECRET }
  const [rapidpro, rocketchat] = await Promise.all([
    startRapidpro(dir, RAPIDPRO_TOKEN),
    startRocketchat(dir, webhook, options.webhookRetryMs),
  ])
  const taps = await Promise.all(ports.map((_, index) => tapRapidpro(index, rapidpro.url)))
  const replicas = ports.map((port, index) => {
    const configDir = writeConfig(dir, index, taps[index] as Tap, rocketchat)
    const env = { ...environment(configDir, store), ...options.env?.(index, dir) }
    return superviseReplica({ index, port, logFile: join(dir, `replica-${index}.log`), env })
  })
  await Promise.all(replicas.map(replica => replica.ready())).catch(error => explain(error, replicas))
  const { webhookRetryMs } = options
  const parts = { dir, front, replicas, taps, store, rapidpro, rocketchat, webhookRetryMs }
  return { ...parts, heal: () => heal(parts), stop: (how = { keepLogs: false }) => strike(parts, how) }
}

function explain(error: Error, replicas: Replica[]): never {
  throw new Error([error.message, ...replicas.flatMap(({ crashes }) => crashes.slice(0, 1))].join('\n'))
}

type Parts<Store extends StoreSide> = Omit<World<Store>, 'heal' | 'stop'>

async function findPorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await findFreePort())
  return [...ports]
}

function writeConfig(dir: string, index: number, tap: Tap, rocketchat: RocketchatDesk): string {
  const configDir = join(dir, `config-${index}`)
  mkdirSync(configDir)
  const text = `[bots.rapidpro]
type = "rapidpro"
url = "${tap.url}"
token = "${RAPIDPRO_TOKEN}"
api = "messages"
[desks.rocketchat]
type = "rocketchat"
url = "${rocketchat.url}"
webhook_token = "${WEBHOOK_SECRET}"
rate_limits = "off"
`
  writeFileSync(join(configDir, 'live-agents.toml'), text)
  return configDir
}

function environment(configDir: string, store: StoreSide): Record<string, string> {
  return {
    CONFIG_DIR: configDir,
    REDIS_URL: store.redisUrl,
    DATA_DIR: store.dataDir,
    API_TOKENS: API_TOKEN,
  }
}

async function heal<Store extends StoreSide>(parts: Parts<Store>): Promise<void> {
  for (const replica of parts.replicas) replica.wake()
  await Promise.all([parts.store.heal(), parts.rapidpro.clearFaults(), parts.rocketchat.clearFaults()])
}

async function strike<Store extends StoreSide>(parts: Parts<Store>, { keepLogs }: { keepLogs: boolean }) {
  await Promise.all(parts.replicas.map(replica => replica.stop()))
  parts.front.stop()
  for (const tap of parts.taps) tap.stop()
  await Promise.all([parts.rapidpro.stop(), parts.rocketchat.stop(), parts.store.stop()])
  if (!keepLogs) rmSync(parts.dir, { recursive: true, force: true })
}
