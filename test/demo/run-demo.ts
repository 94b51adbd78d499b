import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The demo, as a process of its own. */
export type DemoRun = {
  /** Everything it has printed. */
  text(): string
  errors(): string
  pressCtrlC(): void
  /** The exit code, null when a signal has ended it. */
  ended: Promise<number | null>
  /** The processes it has started and that still run. */
  children(): number[]
  /** What it has left in the folder for temporary files. */
  leftovers(): string[]
  /** Ends whatever still runs. */
  cleanUp(): Promise<void>
}

const MAIN = join(import.meta.dirname, '../../demo/main.ts')

export function runDemo(args: string[]): DemoRun {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'))
  const env = { ...process.env, TMPDIR: folder }
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { out: '', err: '' }
  child.stdout.on('data', chunk => (printed.out += chunk))
  child.stderr.on('data', chunk => (printed.err += chunk))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    text: () => printed.out,
    errors: () => printed.err,
    pressCtrlC: () => void child.kill('SIGINT'),
    ended,
    children: () => childrenOf(child.pid ?? 0),
    leftovers: () => readdirSync(folder),
    async cleanUp() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Linux's own list; elsewhere there is none, and so none is found. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
