import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from './free-port.ts'

/** A real Redis server of one's own, on 127.0.0.1, with its data in a temporary directory. */
export type RedisServer = {
  url: string
  /** Of the present process: another one after `restart`. */
  readonly pid: number
  /** Ends it in good order and removes its data. */
  stop(): Promise<void>
  /** SIGKILL. Its data stay for `restart`. */
  kill(): Promise<void>
  /** Stops it in the middle of whatever it does: connections stay open and nothing answers. */
  pause(): void
  resume(): void
  /** Starts it again on the same port and data; ends it in good order first when it runs. */
  restart(): Promise<void>
}

export type RedisOptions = {
  /** Every write is on disk before it is answered; without it a restart finds nothing. */
  appendonly?: boolean
  /** More arguments of redis-server. */
  args?: string[]
  /** What its configuration file says at first; a sentinel writes there. */
  file?: string
}

const NAMES = ['redis-server', 'valkey-server']
const FOLDERS = ['/usr/bin', '/usr/local/bin']
const FILE = 'redis.conf'
const PORT_TRIES = 3
const START_MS = 10_000

/** The program to run: `REDIS_SERVER`, else the first found on PATH and in the usual places. Undefined: there is none. */
export function findRedisServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.REDIS_SERVER) return isExecutable(env.REDIS_SERVER) ? env.REDIS_SERVER : undefined
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...FOLDERS]
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Resolves when it answers. Throws when there is no Redis server on this machine, or it does not start. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findRedisServer()
  if (!program) throw new Error('no redis-server or valkey-server on this machine: run npm run setup')
  const dir = mkdtempSync(join(tmpdir(), 'mediator-redis-'))
  if (options.file) writeFileSync(join(dir, FILE), options.file)
  try {
    const { port, child } = await launchOnFreePort(program, dir, options)
    return manage(port, child, dir, () => launch(program, dir, port, options))
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
}

/** Between finding a port and using it somebody else may take it. */
async function launchOnFreePort(program: string, dir: string, options: RedisOptions) {
  for (let tries = 1; ; tries += 1) {
    const port = await findFreePort()
    try {
      return { port, child: await launch(program, dir, port, options) }
    } catch (error) {
      if (tries === PORT_TRIES) throw error
    }
  }
}

function manage(
  port: number,
  first: ChildProcess,
  dir: string,
  relaunch: () => Promise<ChildProcess>,
): RedisServer {
  let child = first
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return Number(child.pid)
    },
    async stop() {
      await end(child, 'SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
    kill: () => end(child, 'SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async restart() {
      await end(child, 'SIGTERM')
      child = await relaunch()
    },
  }
}

async function launch(
  program: string,
  dir: string,
  port: number,
  options: RedisOptions,
): Promise<ChildProcess> {
  const { appendonly = false, args = [], file } = options
  const first = file === undefined ? [] : [join(dir, FILE)]
  const persistence = ['--save', '', '--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', 'always']
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir]
  const all = [...first, ...place, ...persistence, ...args]
  const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'pipe'] })
  const killChild = () => void child.kill('SIGKILL')
  process.once('exit', killChild)
  child.once('exit', () => process.off('exit', killChild))
  try {
    await waitUntilReady(child, port)
    return child
  } catch (error) {
    await end(child, 'SIGKILL')
    throw error
  }
}

async function waitUntilReady(child: ChildProcess, port: number): Promise<void> {
  let said = ''
  child.stdout?.on('data', chunk => (said += chunk))
  child.stderr?.on('data', chunk => (said += chunk))
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  const deadline = performance.now() + START_MS
  while (!(await Promise.race([answers(port, child), failed]))) {
    if (!isRunning(child)) throw new Error(`the Redis server ended while starting: ${said.trim()}`)
    if (performance.now() > deadline) throw new Error(`the Redis server does not answer: ${said.trim()}`)
    await wait(10)
  }
}

/** Whether this very process serves the port and has loaded its data. */
function answers(port: number, { pid }: ChildProcess): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\nINFO server\r\n'))
  let text = ''
  socket.setTimeout(1000, () => socket.destroy())
  socket.on('data', chunk => {
    text += chunk
    if (/\r\nprocess_id:\d+\r\n/.test(text)) socket.destroy()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(text.includes('+PONG') && text.includes(`\r\nprocess_id:${pid}\r\n`)))
  return promise
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (!isRunning(child)) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill(signal)
  // A stopped process hears SIGTERM only when it goes on.
  child.kill('SIGCONT')
  await gone
}
