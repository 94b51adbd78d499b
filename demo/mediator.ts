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

/** `port` 0: any free one. */
type MediatorOptions = { port: number; folder: string; token: string; signal: AbortSignal }

const MAIN = join(import.meta.dirname, '../src/main.ts')
const START_MS = 20_000
/** What it keeps for its next start is thrown away here, so it gets little time to finish. */
const STOP_MS = 1_500

/** Runs the service as `npm start` does, with the embedded store. Throws with its own words when it does not start. */
export async function startMediator(options: MediatorOptions): Promise<Mediator> {
  const child = spawn(process.execPath, [MAIN], {
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const log = followLog([child.stdout, child.stderr])
  try {
    const url = await addressOf(child, log, options.signal)
    return { url, log, stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
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

/** Told in its log once it is ready. */
async function addressOf(child: ChildProcess, log: LogFollower, signal: AbortSignal): Promise<string> {
  let hasEnded = false
  // By then everything it has printed is read.
  child.once('close', () => {
    hasEnded = true
  })
  const address = () => log.lines.find(({ msg }) => msg === 'ready')?.address
  await until('the mediator is ready', () => address() || hasEnded, signal, START_MS)
  const url = address()
  if (!url) throw new Error(`the mediator did not start:\n${log.rest.join('\n')}`)
  return url
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
