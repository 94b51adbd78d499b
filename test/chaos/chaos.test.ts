import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '../../chaos/verdict.ts'

const MAIN = join(import.meta.dirname, '../../chaos/main.ts')
const SCENARIOS = ['calm', 'kill', 'freeze', 'redis-killed', 'vendors', 'disk']
const SEED = 1
/** A slow machine takes longer to start all the processes; nothing here is about time. */
const PATIENCE_MS = 600_000

describe('the short form of the chaos suite', () => {
  let results: Result[] = []
  beforeAll(async () => {
    const args = ['--short', '--json', '--seed', String(SEED), '--only', SCENARIOS.join(',')]
    results = JSON.parse(await play(args)) as Result[]
  }, PATIENCE_MS)

  it.each(SCENARIOS)('keeps every promise: %s', name => {
    const result = results.find(({ scenario }) => scenario === name)
    expect(result?.broken).toEqual([])
    expect(result).toMatchObject({ lost: 0, reordered: 0, strange: 0, doubledWithId: 0, unexcused: 0 })
    expect(result?.messages).toBeGreaterThanOrEqual(600)
    expect(result?.scrapes).toBeGreaterThan(0)
  })

  it('meets what it sets out to do', () => {
    const find = (name: string) => results.find(({ scenario }) => scenario === name)
    expect(find('redis-killed')?.refusals).toHaveProperty('503')
    expect(find('disk')?.refusals).toHaveProperty('503')
  })
})

/** What it printed, also when a promise was broken: its exit code says so, too. */
async function play(args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [MAIN, ...args], { maxBuffer: 64 * 1024 * 1024 })
  const { stdout } = await run.catch((failed: { stdout: string }) => failed)
  return stdout
}
