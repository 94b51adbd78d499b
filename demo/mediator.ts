import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { followLog, type LogFollower } from './follow-log.ts'
import { until } from './until.ts'

export type Mediator = {
  url: string
  log: LogFollower
  /** Resolves when it has ended, within seconds. */
  stop(): Promise<void>
}

export type MediatorOptions = { port: number; folder: string; token: string; signal: AbortSignal }

const MAIN = join(import.meta.dirname, '../src/main.ts')
const START_MS = 20_000
/** What it keeps for its next start is thrown away here, so it gets little time to finish. */
const STOP_MS = 3_000

/** Runs the service as `npm start` does, with the embedded store. Throws with its own words when it does not start. */
export async function startMediator(options: MediatorOptions): Promise<Mediator> {
  const child = spawn(process.execPath, [MAIN], {
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const log = followLog([child.stdout, child.stderr])
  try {
    await isReady(child, log, options.signal)
  } catch (error) {
    await stop(child)
    throw error
  }
  return { url: `http://127.0.0.1:${options.port}`, log, stop: () => stop(child) }
}

function environment({ port, folder, token }: MediatorOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: String(port),
    CONFIG_DIR: folder,
    DATA_DIR: join(folder, 'data'),
    API_TOKENS: token,
  }
}

async function isReady(child: ChildProcess, log: LogFollower, signal: AbortSignal): Promise<void> {
  const said = () => log.lines.some(({ msg }) => msg === 'ready')
  await until('the mediator is ready', () => said() || !runs(child), signal, START_MS)
  if (!said()) throw new Error(`the mediator did not start:\n${log.rest.join('\n')}`)
}

function runs({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

async function stop(child: ChildProcess): Promise<void> {
  if (!runs(child)) return
  const gone = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.kill('SIGTERM')
  await gone
  clearTimeout(timer)
}
