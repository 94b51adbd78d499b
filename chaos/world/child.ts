import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { undoAtExit } from './leaving.ts'

/** A process of our own whose words go to a file. */
export type Child = {
  readonly pid: number
  readonly running: boolean
  /** Resolves when it has ended, with how. */
  ended: Promise<string>
  signal(name: NodeJS.Signals): void
  /** Ends it, also when it stands still. */
  end(name: NodeJS.Signals): Promise<void>
}

export function launch(
  command: [program: string, ...args: string[]],
  logFile: string,
  env: Record<string, string> = {},
): Child {
  const log = openSync(logFile, 'a')
  const [program, ...args] = command
  const child = spawn(program, args, {
    // In a group of its own: Ctrl-C is for us alone, and we end it.
    detached: true,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  return manage(child)
}

function manage(child: ChildProcess): Child {
  const forget = undoAtExit(() => void child.kill('SIGKILL'))
  const ended = Promise.race([
    once(child, 'exit').then(([code, signal]) => String(signal ?? code)),
    once(child, 'error').then(([error]) => String(error)),
  ]).finally(forget)
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  return {
    get pid() {
      return child.pid ?? 0
    },
    get running() {
      return isRunning()
    },
    ended,
    signal: name => void child.kill(name),
    async end(name) {
      if (!isRunning()) return
      child.kill(name)
      child.kill('SIGCONT')
      await ended
    },
  }
}

/** The end of a log, for an error text. */
export function tailOf(logFile: string, lines = 15): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}
