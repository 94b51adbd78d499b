import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rapidpro } from '../src/bots/rapidpro/index.ts'
import { operationsOf } from '../src/desks/operations.ts'
import { deskDefinitions } from '../src/desks/registry.ts'
import { buildServer } from '../src/http/server.ts'
import { createLogger } from '../src/lib/logger.ts'

/** Writes openapi/openapi.json from the routes' own schemas, or (without --write) says whether it is as they are. */
const FILE = join(import.meta.dirname, '../openapi/openapi.json')

const nobody = async (): Promise<never> => {
  throw new Error('only the schemas are asked here')
}

const app = await buildServer({
  log: createLogger('silent', []),
  apiTokens: undefined,
  bot: { inbound: rapidpro.inbound, register: nobody, send: nobody, end: nobody },
  desks: { find: () => undefined, sendMessageToClient: [], receive: nobody },
  conversations: { operations: operationsOf(deskDefinitions), operate: nobody, transcript: nobody },
  calendar: {
    dayStatus: () => {
      throw new Error('only the schemas are asked here')
    },
  },
  operations: { session: nobody },
  deadLetters: { list: nobody, show: nobody, replay: nobody, replayAll: nobody },
  count: () => undefined,
  probes: { ready: nobody, links: () => ({}), metrics: nobody },
})
const { payload } = await app.inject('/openapi.json')
const text = `${JSON.stringify(JSON.parse(payload), null, 2)}\n`
await app.close()

if (process.argv.includes('--write')) writeFileSync(FILE, text)
else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write(
    'openapi/openapi.json is not what the routes say: run npm run openapi and look at what changed\n',
  )
  process.exitCode = 1
}
