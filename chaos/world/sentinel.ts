import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort } from '../../test/support/free-port.ts'
import { findRedisServer } from '../../test/support/redis-server.ts'
import type { Period } from '../judge/excuses.ts'
import { type Child, launch } from './child.ts'
import { begin, end } from './replica.ts'
import { pause, waitFor } from './wait.ts'
import type { StoreSide } from './world.ts'

/** One master and two replicas of Redis, watched by three sentinels who make another one the master when it is gone. */
export type SentinelSide = StoreSide & {
  /** Which server is the master now, as the sentinels say. */
  master(): Promise<number>
  /** SIGKILL, SIGSTOP, SIGCONT of that server. */
  kill(port: number): Promise<void>
  freeze(port: number): void
  wake(port: number): void
  /** Starts one again that was killed; the sentinels make it a replica. */
  restart(port: number): Promise<void>
  /** Resolves when there is another master than this one, and both others follow it. */
  failedOver(from: number): Promise<void>
}

const SERVERS = 3
const SENTINELS = 3
const NAME = 'mymaster'
const START_MS = 20_000
const FAILOVER_MS = 60_000

type Server = { port: number; dir: string; child: Child }

export async function startSentinelSide(dir: string): Promise<SentinelSide> {
  const program = findRedisServer()
  if (!program) throw new Error('no redis-server on this machine: run npm run setup')
  const servers: Server[] = []
  for (let i = 0; i < SERVERS; i++)
    servers.push(await startServer(program, join(dir, `redis-${i}`), servers[0]))
  const first = servers[0] as Server
  const sentinels: Server[] = []
  for (let i = 0; i < SENTINELS; i++)
    sentinels.push(await startSentinel(program, join(dir, `sentinel-${i}`), first.port))
  const side = manage(program, dir, servers, sentinels)
  await waitFor('the sentinels know each other', () => isComplete(sentinels), START_MS)
  return side
}

async function startServer(program: string, dir: string, master?: Server): Promise<Server> {
  mkdirSync(dir, { recursive: true })
  const port = await findFreePort()
  const follow = master ? ['--replicaof', '127.0.0.1', String(master.port)] : []
  const child = runServer(program, dir, port, follow)
  await waitFor(`Redis ${port} answers`, () => tell(port, redis => redis.ping()), START_MS)
  return { port, dir, child }
}

/** A master that has lost its replicas takes no more writes: what it took then would be gone with it. */
function runServer(program: string, dir: string, port: number, more: string[]): Child {
  const disk = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--dir', dir]
  const safe = [
    '--min-replicas-to-write',
    '1',
    '--min-replicas-max-lag',
    '2',
    '--repl-diskless-sync-delay',
    '0',
  ]
  const place = ['--bind', '127.0.0.1', '--port', String(port)]
  return launch([program, ...place, ...disk, ...safe, ...more], join(dir, 'redis.log'))
}

async function startSentinel(program: string, dir: string, master: number): Promise<Server> {
  mkdirSync(dir, { recursive: true })
  const port = await findFreePort()
  const config = join(dir, 'sentinel.conf')
  writeFileSync(
    config,
    `bind 127.0.0.1
port ${port}
dir ${dir}
sentinel monitor ${NAME} 127.0.0.1 ${master} 2
sentinel down-after-milliseconds ${NAME} 2000
sentinel failover-timeout ${NAME} 10000
sentinel parallel-syncs ${NAME} 2
`,
  )
  const child = launch([program, config, '--sentinel'], join(dir, 'sentinel.log'))
  await waitFor(`sentinel ${port} answers`, () => tell(port, redis => redis.ping()), START_MS)
  return { port, dir, child }
}

/** One word with one server, on a connection of its own. */
async function tell<Answer>(port: number, say: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return await say(redis)
  } finally {
    redis.disconnect()
  }
}

async function isComplete(sentinels: Server[]): Promise<boolean> {
  const known = await Promise.all(
    sentinels.map(({ port }) => tell(port, redis => redis.call('SENTINEL', 'MASTER', NAME))),
  )
  return known.every(answer => {
    const about = pairsOf(answer)
    return (
      about['num-slaves'] === String(SERVERS - 1) && about['num-other-sentinels'] === String(SENTINELS - 1)
    )
  })
}

function pairsOf(answer: unknown): Record<string, string> {
  const flat = answer as string[]
  return Object.fromEntries(flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1] ?? '']] : [])))
}

function manage(program: string, dir: string, servers: Server[], sentinels: Server[]): SentinelSide {
  const troubles: Period[] = []
  const at = (port: number): Server => {
    const server = servers.find(one => one.port === port)
    if (!server) throw new Error(`no Redis at ${port}`)
    return server
  }
  const master = async (): Promise<number> => {
    const answer = await tell(sentinels[0]?.port ?? 0, redis =>
      redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME),
    )
    return Number((answer as string[])[1])
  }
  const side: SentinelSide = {
    redisUrl: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    dataDir: dir,
    troubles,
    master,
    async kill(port) {
      begin(troubles)
      await at(port).child.end('SIGKILL')
    },
    freeze(port) {
      begin(troubles)
      at(port).child.signal('SIGSTOP')
    },
    wake: port => at(port).child.signal('SIGCONT'),
    async restart(port) {
      const server = at(port)
      if (!server.child.running) server.child = runServer(program, server.dir, port, [])
      await waitFor(`Redis ${port} answers`, () => tell(port, redis => redis.ping()), START_MS)
    },
    async failedOver(from) {
      await waitFor(
        'another master',
        async () => (await master()) !== from && isTaking(await master()),
        FAILOVER_MS,
      )
      await pause(500)
      end(troubles)
    },
    async heal() {
      for (const { port, child } of servers) {
        child.signal('SIGCONT')
        await side.restart(port)
      }
      end(troubles)
    },
    async stop() {
      await Promise.all([...sentinels, ...servers].map(({ child }) => child.end('SIGKILL')))
      for (const one of [...sentinels, ...servers]) rmSync(one.dir, { recursive: true, force: true })
    },
  }
  return side
}

/** Whether it takes writes: the others must follow it first. */
async function isTaking(port: number): Promise<boolean> {
  return tell(port, async redis => (await redis.set('chaos:probe', '1', 'PX', 100)) === 'OK')
}
