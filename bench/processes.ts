import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The measured service has the first processor for itself, everything else shares the second, where there are two. */
const PINNED = process.platform === 'linux' && availableParallelism() >= 2
export const SERVICE_CPU = '0'
export const OTHER_CPU = '1'

export type Running = {
  /** The first line it printed that `isReady` took. */
  line: string
  /** CPU seconds used so far, and resident memory in MiB, from /proc; NaN elsewhere. */
  usage(): { cpuSeconds: number; residentMiB: number }
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
// So that an end from outside is an exit, too, and leaves no process behind.
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const])
  process.on(signal, () => process.exit(code))

/** A program of subjects/, by its name, with nothing in its environment but `env` and the PATH. */
export async function run(
  cpu: string,
  subject: string,
  env: Record<string, string>,
  isReady: (line: string) => boolean = () => true,
): Promise<Running> {
  const command = [process.execPath, join(import.meta.dirname, 'subjects', `${subject}.ts`)]
  const [program = '', ...args] = PINNED ? ['taskset', '-c', cpu, ...command] : command
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const line = await firstLine(child, isReady)
  return { line, usage: () => usageOf(child.pid ?? 0), stop: () => stop(child) }
}

function firstLine(child: ChildProcess, isReady: (line: string) => boolean): Promise<string> {
  if (!child.stdout) throw new Error('no output to read')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    lines.on('line', line => isReady(line) && resolve(line))
    child.once('exit', code => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

const TICKS_PER_SECOND = 100
const PAGES_PER_MIB = 256

export function usageOf(pid: number): { cpuSeconds: number; residentMiB: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    return { cpuSeconds, residentMiB: Number(fields[21]) / PAGES_PER_MIB }
  } catch {
    return { cpuSeconds: Number.NaN, residentMiB: Number.NaN }
  }
}

/** The load generator itself belongs to the others. */
export function pinSelf(): Promise<unknown> {
  if (!PINNED) return Promise.resolve()
  return once(spawn('taskset', ['-pc', OTHER_CPU, String(process.pid)], { stdio: 'ignore' }), 'exit')
}
