import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort } from '../test/support/free-port.ts'
import { type RedisServer, startRedis } from '../test/support/redis-server.ts'
import { type OtherSide, startOtherSide } from './other-side.ts'
import { post } from './post.ts'
import { type Running, run, SERVICE_CPU } from './processes.ts'
import type { Talk } from './requests.ts'
import { createScratch } from './scratch.ts'
import { configOf, launchService } from './service.ts'
import { createClients, openTalks } from './talks.ts'

/** Something that is measured: a service on a port, with conversations ready to talk in. */
export type Subject = { name: string; url: string; talks: Talk[]; process: Running; redis?: RedisServer }

export type Stage = {
  other: OtherSide
  dir: string
  subjects: Subject[]
  stop(): Promise<void>
}

/** Conversations for one service. */
export const TALKS = 256

/** Starts the other side and every subject, each with its own store. */
export async function setStage(names: string[]): Promise<Stage> {
  const dir = createScratch('bench')
  const stage: Stage = { other: await startOtherSide(), dir, subjects: [], stop: () => strike(stage) }
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
  const process = await run(SERVICE_CPU, 'echo', { PORT: String(port) })
  return {
    name: 'echo',
    url: process.line,
    talks: [{ userid: 'nobody', room: 'none', visitor: 'none' }],
    process,
  }
}

async function startStraightLine({ other }: Stage, server: RedisServer): Promise<Subject> {
  const env = {
    PORT: String(await findFreePort()),
    REDIS_URL: server.url,
    RAPIDPRO_URL: other.rapidpro,
    RAPIDPRO_TOKEN: other.token,
    ROCKETCHAT_URL: other.rocketchat,
  }
  const process = await run(SERVICE_CPU, 'straight-line', env)
  const talks = await openRooms(other)
  const redis = new Redis(server.url)
  for (const { userid, room } of talks) await redis.set(`session:${userid}`, JSON.stringify({ userid, room }))
  redis.disconnect()
  return { name: 'straight line', url: process.line, talks, process, redis: server }
}

/** Conversations opened at the desk itself, with no service between. */
async function openRooms(other: OtherSide): Promise<Talk[]> {
  const talks: Talk[] = []
  for (const userid of await createClients(other, TALKS))
    talks.push({ userid, room: await openRoom(other, userid), visitor: `visitor${talks.length}` })
  return talks
}

async function openRoom({ rocketchat }: OtherSide, userid: string): Promise<string> {
  const visitor = { token: userid, name: 'Bench', department: 'Support' }
  await post(`${rocketchat}/api/v1/livechat/visitor`, { visitor })
  const answer = await fetch(`${rocketchat}/api/v1/livechat/room?token=${userid}`)
  return ((await answer.json()) as { room: { _id: string } }).room._id
}

async function startService(
  { other, dir }: Stage,
  name: string,
  redis: RedisServer | undefined,
): Promise<Subject> {
  const setup = { dir: join(dir, name), config: configOf(other), redisUrl: redis?.url }
  const { url, process } = await launchService(setup)
  return { name, url, talks: await openTalks(other, url, TALKS), process, ...(redis ? { redis } : {}) }
}
