import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const BENCHES = ['main', 'bulkhead', 'redis-memory', 'scaling', 'waiting'].map(name => `bench/${name}.ts`)
const SUITE = 'conformance/main.ts'

describe.concurrent('a script of the bench, and the conformance suite', () => {
  it.each([...BENCHES, SUITE])('%s tells what it does, what it takes and how long', async script => {
    const { code, out, errors } = await ask(script, '--help')
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(out).toMatch(/^np[mx] .*--help +prints this\n.*\nTakes /s)
  })

  // The scripts of the bench read their command lines in one and the same way.
  it.each(['bench/waiting.ts', SUITE])('%s says what it does not know, with no stack', async script => {
    const { code, out, errors } = await ask(script, '--unheard-of')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(errors).toMatch(/^Unknown option '--unheard-of'\n\nnp[mx] .*--help/s)
    expect(errors).not.toContain('    at ')
  })
})

/** A script that measures in place of answering goes on for minutes. */
const PATIENCE = { timeout: 40_000 }

function ask(script: string, option: string): Promise<{ code: unknown; out: string; errors: string }> {
  const args = [join(import.meta.dirname, '../..', script), option]
  return new Promise(resolve =>
    execFile(process.execPath, args, PATIENCE, (error, out, errors) =>
      resolve({ code: error ? error.code : 0, out, errors }),
    ),
  )
}
