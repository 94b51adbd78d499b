import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort } from '../test/support/free-port.ts'
import { type RedisServer, startRedis } from '../test/support/redis-server.ts'
import { OTHER_CPU, type Running, run, SERVICE_CPU } from './processes.ts'
import { API_TOKEN, type Talk, WEBHOOK_SECRET } from './requests.ts'

/** Something that is measured: a service on a port, with conversations ready to talk in. */
export type Subject = { name: string; url: string; talks: Talk[]; process: Running; redis?: RedisServer }

export type Stage = {
  other: { rapidpro: string; token: string; rocketchat: string; process: Running }
  dir: string
  subjects: Subject[]
  stop(): Promise<void>
}

const NODE = process.execPath
/** Conversations for one service. */
export const TALKS = 256
const file = (path: string): string => join(import.meta.dirname, path)

/** Starts the other side and every subject, each with its own store. */
export async function setStage(names: string[]): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'mediator-bench-'))
  const process = await run(OTHER_CPU, [NODE, file('subjects/other-side.ts')], {})
  const other = { ...(JSON.parse(process.line) as Omit<Stage['other'], 'process'>), process }
  const stage: Stage = { other, dir, subjects: [], stop: () => strike(stage) }
  for (const name of names) stage.subjects.push(await startSubject(stage, name))
  return stage
}

async function strike(stage: Stage): Promise<void> {
  await Promise.all(
    stage.subjects.map(async ({ process, redis }) => {
      await process.stop()
      await redis?.stop()
    }),
  )
  await stage.other.process.stop()
  rmSync(stage.dir, { recursive: true, force: true })
}

async function startSubject(stage: Stage, name: string): Promise<Subject> {
  if (name === 'echo') return startEcho()
  const redis = name === 'embedded' ? undefined : await startRedis(redisOptions(name))
  return name === 'straight line'
    ? startStraightLine(stage, redis as RedisServer)
    : startService(stage, name, redis)
}

function redisOptions(name: string) {
  return name === 'redis, AOF always' ? { appendonly: true, args: ['--appendfsync', 'always'] } : {}
}

async function startEcho(): Promise<Subject> {
  const port = await findFreePort()
  const process = await run(SERVICE_CPU, [NODE, file('subjects/echo.ts')], { PORT: String(port) })
  return {
    name: 'echo',
    url: process.line,
    talks: [{ userid: 'nobody', room: 'none', visitor: 'none' }],
    process,
  }
}

async function startStraightLine(stage: Stage, server: RedisServer): Promise<Subject> {
  const { rapidpro, rocketchat, token } = stage.other
  const env = {
    PORT: String(await findFreePort()),
    REDIS_URL: server.url,
    RAPIDPRO_URL: rapidpro,
    RAPIDPRO_TOKEN: token,
    ROCKETCHAT_URL: rocketchat,
  }
  const process = await run(SERVICE_CPU, [NODE, file('subjects/straight-line.ts')], env)
  const talks = await prepareTalks(stage)
  const redis = new Redis(server.url)
  for (const talk of talks) {
    const room = await openRoom(stage, talk)
    talk.room = room
    await redis.set(`session:${talk.userid}`, JSON.stringify({ userid: talk.userid, room }))
  }
  redis.disconnect()
  return { name: 'straight line', url: process.line, talks, process, redis: server }
}

async function openRoom({ other }: Stage, { userid }: Talk): Promise<string> {
  const visitor = { token: userid, name: 'Bench', department: 'Support' }
  await post(`${other.rocketchat}/api/v1/livechat/visitor`, { visitor })
  const answer = await fetch(`${other.rocketchat}/api/v1/livechat/room?token=${userid}`)
  return ((await answer.json()) as { room: { _id: string } }).room._id
}

async function startService(stage: Stage, name: string, redis: RedisServer | undefined): Promise<Subject> {
  const { url, process } = await launchService(stage, name, redis?.url)
  return { name, url, talks: await openTalks(stage, url), process, ...(redis ? { redis } : {}) }
}

/** The real service, in a process of its own; several over one Redis are replicas. */
export async function launchService(
  stage: Stage,
  name: string,
  redisUrl: string | undefined,
): Promise<{ url: string; process: Running }> {
  const configDir = join(stage.dir, name.replace(/\W+/g, '-'))
  writeConfig(stage, configDir)
  const port = await findFreePort()
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    CONFIG_DIR: configDir,
    DATA_DIR: join(configDir, 'data'),
    REDIS_URL: redisUrl ?? '',
    API_TOKENS: API_TOKEN,
    LOG_LEVEL: 'warn',
  }
  const process = await run(SERVICE_CPU, [NODE, file('subjects/service.ts')], env, line => line === 'ready')
  return { url: `http://127.0.0.1:${port}`, process }
}

/** Conversations opened through the service at `url`. */
export async function openTalks(stage: Stage, url: string, number = TALKS): Promise<Talk[]> {
  const talks = await prepareTalks(stage, number)
  for (const talk of talks) await register(url, talk)
  return talks
}

function writeConfig({ other }: Stage, dir: string): void {
  const toml = `[bots.rapidpro]
type = "rapidpro"
url = "${other.rapidpro}"
token = "${other.token}"
api = "messages"
[desks.rocketchat]
type = "rocketchat"
url = "${other.rocketchat}"
webhook_token = "${WEBHOOK_SECRET}"
rate_limits = "off"
`
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'live-agents.toml'), toml)
}

async function prepareTalks({ other }: Stage, number = TALKS): Promise<Talk[]> {
  return Promise.all(
    Array.from({ length: number }, async (_, i) => {
      const { uuid } = await post(`${other.rapidpro}/__bot/contacts`, {
        name: 'Bench',
        urn: `tel:+5025${String(nextNumber++).padStart(7, '0')}`,
      })
      return { userid: String(uuid), room: '', visitor: `visitor${i}` }
    }),
  )
}

let nextNumber = 0

async function register(url: string, talk: Talk): Promise<void> {
  const body = { contact: { uuid: talk.userid, name: 'Bench' }, department: 'Support' }
  await post(`${url}/live-agents/registerClient`, body)
  const answer = await fetch(`${url}/live-agents/sessions/${talk.userid}`, {
    headers: { authorization: `Token ${API_TOKEN}` },
  })
  talk.room = ((await answer.json()) as { session: { conversation: string } }).session.conversation
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', authorization: `Token ${API_TOKEN}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}
