import { execFile } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { findRedisServer } from '../test/support/redis-server.ts'

const run = promisify(execFile)

/** When, of which commit, and on what it was measured: one sentence after the other. */
export async function describeMachine(): Promise<string> {
  const date = new Date().toISOString().slice(0, 10)
  const commit = await firstWord('git', ['rev-parse', '--short', 'HEAD'], /(\w+)/)
  const redis = await firstWord(findRedisServer() ?? '', ['--version'], /v=(\S+)/)
  const cores = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const machine = `${cores.length} cores of ${cores[0]?.model.trim()}, ${memory} GiB`
  return `Measured on ${date} at commit ${commit}: ${machine}, Node ${process.versions.node}, Redis ${redis}.`
}

async function firstWord(program: string, args: string[], pattern: RegExp): Promise<string> {
  const said = await run(program, args, { cwd: import.meta.dirname }).catch(() => undefined)
  return pattern.exec(said?.stdout ?? '')?.[1] ?? 'unknown'
}
