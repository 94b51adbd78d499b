import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findFreePort } from './free-port.ts'

/** The real service in a process of its own. */
export type MediatorProcess = {
  url: string
  readonly pid: number
  /** Everything it has logged, a parsed line each. */
  log: Record<string, unknown>[]
  /** The same, as it was written. */
  text(): string
  /** Ends it as an orchestrator does; resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export type MediatorOptions = {
  configDir: string
  dataDir: string
  redisUrl?: string | undefined
  port?: number | undefined
  env?: Record<string, string>
}

export const API_TOKEN = 'api-token-for-tests'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const START_MS = 20_000

const PORT_TRIES = 5

/** Resolves when it is ready. Throws with what it printed when it ends instead. */
export async function startMediator(options: MediatorOptions): Promise<MediatorProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOn(options.port ?? (await findFreePort()), options)
    } catch (error) {
      // Somebody else took the port that was free a moment ago.
      if (tries === PORT_TRIES || !String(error).includes('EADDRINUSE')) throw error
    }
  }
}

async function startOn(port: number, options: MediatorOptions): Promise<MediatorProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: environment(options, port),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { lines, log, ready } = follow(child)
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const early = exited.then(code =>
    Promise.reject(new Error(`the mediator ended with ${code}:\n${lines.join('\n')}`)),
  )
  await Promise.race([ready, early, failAfter(START_MS, lines)])
  early.catch(() => undefined)
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    log,
    text: () => lines.join('\n'),
    stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return exited
    },
  }
}

function environment(options: MediatorOptions, port: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: String(port),
    REDIS_URL: options.redisUrl ?? '',
    DATA_DIR: options.dataDir,
    CONFIG_DIR: options.configDir,
    API_TOKENS: API_TOKEN,
    ...options.env,
  }
}

function follow(child: ChildProcess): {
  lines: string[]
  log: Record<string, unknown>[]
  ready: Promise<void>
} {
  const lines: string[] = []
  const log: Record<string, unknown>[] = []
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      if (!line.startsWith('{')) return
      const entry = JSON.parse(line) as Record<string, unknown>
      log.push(entry)
      if (entry.msg === 'ready') resolve()
    })
  }
  return { lines, log, ready }
}

function failAfter(ms: number, lines: string[]): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(
      () => reject(new Error(`the mediator is not ready after ${ms} ms:\n${lines.join('\n')}`)),
      ms,
    ).unref()
  })
}
