import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const LOGGER = fileURLToPath(new URL('../../src/lib/logger.ts', import.meta.url))

/** Logs for a while, and says at the end that it is still there. */
const CHATTER = `
import { createLogger } from ${JSON.stringify(LOGGER)}
const log = createLogger('info', [])
for (let n = 0; n < 50; n++) {
  log.info({ n }, 'a line')
  await new Promise(resolve => setTimeout(resolve, 2))
}
process.stderr.write('still here')
process.exit(0)
`

it('a log whose disk is full does not end the process', async () => {
  const full = openSync('/dev/full', 'w')
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHATTER], {
    stdio: ['ignore', full, 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  closeSync(full)
  let said = ''
  child.stderr?.on('data', chunk => (said += String(chunk)))
  const code = await new Promise(resolve => child.once('close', resolve))
  expect([said, code]).toEqual(['still here', 0])
})
