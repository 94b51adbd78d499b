import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/index.ts'
import { agentReads } from '../e2e/rocketchat-conversation.ts'
import { expectEnvelope, registerSomebody, saying, TO_AGENT } from '../http/asks.ts'
import { inFolder, startInVain } from '../http/own-process.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import {
  AUTHORITY,
  CERTIFIED,
  OTHER_AUTHORITY,
  startTlsCluster,
  startTlsSentinel,
  startTlsServer,
  type TlsRedis,
} from '../support/redis-tls.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'
import { OPTIONS } from './fixtures.ts'

/** `other`: one whose name is found out from the rest of them, where there is a rest. */
const FORMS = [
  { form: 'one server', start: startTlsServer, other: 0 },
  { form: 'a master with a sentinel', start: startTlsSentinel, other: 0 },
  { form: 'a cluster', start: startTlsCluster, other: 1 },
]

/** Its place among the servers. */
const SENTINEL = 2

const UNTRUSTED = /REDIS_URL: .*self-signed certificate.*set NODE_EXTRA_CA_CERTS to the file/
const MISNAMED =
  /REDIS_URL: .*does not match.*altnames: IP: 127\.0\.0\.1.*name the server.*as its certificate does/

/** A process of the service that trusts this authority must end by itself; gives what it printed. */
async function startWithTrustIn(authority: string, redisUrl: string): Promise<string> {
  const env = { NODE_EXTRA_CA_CERTS: authority }
  const { code, printed } = await inFolder({}, dir => startInVain(dir, { redisUrl, env }))
  expect(code).not.toBe(0)
  return printed
}

async function tell(server: RedisServer | undefined, ...[command = '', ...rest]: string[]): Promise<string> {
  const admin = new Redis(String(server?.url), { enableReadyCheck: false })
  return String(await admin.call(command, ...rest).finally(() => admin.disconnect()))
}

async function letThrough(world: World): Promise<void> {
  const { uuid } = await registerSomebody(world)
  const room = world.rocketchat.openRoomOf(uuid)
  if (!room) throw new Error('no room')
  expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'hello')), 200, 'success')
  await until('the agent reads it', () => agentReads(world, { room }).includes('hello'))
}

describe.each(FORMS)('$form over TLS', ({ form, start, other }) => {
  let redis: TlsRedis
  let world: World | undefined

  beforeAll(async () => {
    redis = await start()
  })
  afterAll(async () => {
    await world?.stop()
    await redis.stop()
  })

  const reason = async () => String((await world?.call('GET', '/health/ready'))?.body.reason)

  it('is not trusted without the authority that signed its certificate, which is said', async () => {
    await expect(openRedisStore(redis.url, OPTIONS)).rejects.toThrow(UNTRUSTED)
  })

  it('lets a message through with it', async () => {
    world = await startWorld({ env: { REDIS_URL: redis.url, NODE_EXTRA_CA_CERTS: AUTHORITY } })
    await letThrough(world)
  })

  it('is refused when the certificate of a server is made out to another name', async () => {
    await redis.show('elsewhere', other)
    expect(await startWithTrustIn(AUTHORITY, redis.url)).toMatch(MISNAMED)
  })

  if (form === 'one server')
    it('says so as well when that happens later on', async () => {
      await tell(redis.servers[0], 'CLIENT', 'KILL', 'TYPE', 'NORMAL')
      await until('it is said', async () => /does not match.*name the server/.test(await reason()))
    })

  if (form !== 'a master with a sentinel') return

  it('is listened to, and followed to another master', async () => {
    expect(await tell(redis.servers[SENTINEL], 'CLIENT', 'LIST', 'TYPE', 'PUBSUB')).toMatch(/ sub=1 /)
    await redis.servers[0]?.kill()
    // It has no replica.
    await until('it is reached', async () => (await reason()).includes('0 of 1 have confirmed'))
  })
})

describe('a server that talks otherwise, or is not known', () => {
  it.concurrent('is not trusted by a process that trusts another authority', async ({ onTestFinished }) => {
    const redis = await startTlsServer()
    onTestFinished(redis.stop)
    expect(await startWithTrustIn(OTHER_AUTHORITY, redis.url)).toMatch(UNTRUSTED)
  })

  it.concurrent('is told when it has no TLS on this port', async ({ onTestFinished }) => {
    const server = await startRedis()
    onTestFinished(server.stop)
    const url = server.url.replace('redis:', 'rediss:')
    await expect(openRedisStore(url, OPTIONS)).rejects.toThrow(
      /REDIS_URL: .*says nothing in TLS: write its port/,
    )
  })

  it.concurrent('is told when it wants a certificate of ours', async ({ onTestFinished }) => {
    const redis = await startTlsServer('yes')
    onTestFinished(redis.stop)
    expect(await startWithTrustIn(AUTHORITY, redis.url)).toMatch(
      /REDIS_URL: .*certificate required: .*set tls-auth-clients no/,
    )
  })

  it.concurrent('is asked for by its name, in case it has several', async () => {
    const asked: unknown[] = []
    const files = { key: readFileSync(CERTIFIED.key), cert: readFileSync(CERTIFIED.cert) }
    const server = createServer(files, socket => {
      asked.push(socket.servername)
      socket.on('error', () => undefined).on('data', () => socket.end('-ERR nobody is here\r\n'))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    expect(await startWithTrustIn(AUTHORITY, `rediss://localhost:${port}`)).toMatch(/REDIS_URL: /)
    // The first asks only whether it can be trusted.
    expect(asked.length).toBeGreaterThan(1)
    expect(new Set(asked)).toEqual(new Set(['localhost']))
    server.close()
  })
})
