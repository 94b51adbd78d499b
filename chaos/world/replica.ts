import { join } from 'node:path'
import type { Period } from '../judge/excuses.ts'
import { type Child, launch, tailOf } from './child.ts'
import { pause, waitFor } from './wait.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const START_MS = 60_000
/** How long the supervisor waits before it starts one again that has ended. */
const RESTART_MS = 1_000

/** One process of the service, started again by its supervisor whenever it ends. */
export type Replica = {
  index: number
  url: string
  readonly pid: number
  /** Runs, and does not stand still. */
  readonly awake: boolean
  /** When it was dead, was being started, or stood still. */
  troubles: Period[]
  /** How it ended without being told to, with the end of its log. */
  crashes: string[]
  /** Rejects at once when it ends before it was ready: then it is not started again. */
  ready(): Promise<void>
  kill(): void
  /** Ends it as an orchestrator does; resolves when it is gone. */
  terminate(): Promise<void>
  freeze(): void
  wake(): void
  /** For good. */
  stop(): Promise<void>
}

export type ReplicaOptions = { index: number; port: number; logFile: string; env: Record<string, string> }

export function superviseReplica({ index, port, logFile, env }: ReplicaOptions): Replica {
  const url = `http://127.0.0.1:${port}`
  const troubles: Period[] = []
  const crashes: string[] = []
  let child: Child
  let isStopped = false
  let isExpected = false
  let isUp = false
  let isHopeless = false
  let isFrozen = false

  const start = (): void => {
    isExpected = false
    isUp = false
    child = launch([process.execPath, MAIN], logFile, { ...env, HOST: '127.0.0.1', PORT: String(port) })
    void child.ended.then(onEnd)
  }
  const onEnd = async (how: string): Promise<void> => {
    if (isStopped) return
    if (!isExpected) crashes.push(`replica ${index} ended with ${how} (${logFile}):\n${tailOf(logFile)}`)
    begin(troubles)
    isFrozen = false
    isHopeless = !isExpected && !isUp
    if (isHopeless) return
    await pause(RESTART_MS)
    if (isStopped) return
    start()
    await ready().then(
      () => end(troubles),
      () => undefined,
    )
  }
  const ready = async (): Promise<void> => {
    const what = `replica ${index} is ready (${logFile})`
    await waitFor(what, () => isHopeless || isReady(url), START_MS)
    if (isHopeless) throw new Error(crashes.at(-1))
    isUp = true
  }

  start()
  return {
    index,
    url,
    get pid() {
      return child.pid
    },
    get awake() {
      return child.running && !isFrozen
    },
    troubles,
    crashes,
    ready,
    kill() {
      isExpected = true
      begin(troubles)
      child.signal('SIGKILL')
    },
    async terminate() {
      isExpected = true
      child.signal('SIGTERM')
      await child.ended
    },
    freeze() {
      isFrozen = true
      begin(troubles)
      child.signal('SIGSTOP')
    },
    wake() {
      if (!isFrozen) return
      isFrozen = false
      child.signal('SIGCONT')
      end(troubles)
    },
    async stop() {
      isStopped = true
      await child.end('SIGKILL')
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) })).ok
}

export function begin(periods: Period[]): void {
  const last = periods.at(-1)
  if (!last || last.to !== undefined) periods.push({ from: Date.now() })
}

export function end(periods: Period[]): void {
  const last = periods.at(-1)
  if (last) last.to ??= Date.now()
}
