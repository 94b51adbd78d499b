import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createHttpDoor } from '../../src/lib/http-door.ts'

const FAILURES = 12

it.each([
  ['opens no breaker while only who looks is refused', true, 200],
  ['opens it while those are refused who have something to deliver', false, 'UNREACHABLE'],
])('%s', async (_, idle, outcome) => {
  const server = createServer((request, reply) => {
    reply.statusCode = request.url === '/well' ? 200 : 500
    reply.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const door = createHttpDoor({ account: 'desk', clock: { now: () => 0 } })
  const log = pino({ level: 'silent' })
  const ask = (path: string, isIdle: boolean) => {
    const call = { signal: new AbortController().signal, log, idle: isIdle }
    return door.send({ method: 'GET', route: path, url: `${url}/${path}`, call })
  }
  for (let n = 0; n < FAILURES; n += 1) await ask('ill', idle).catch(() => undefined)
  const answer = await ask('well', false).then(
    ({ status }) => status,
    error => error.code,
  )
  expect(answer).toBe(outcome)
  await door.close()
  server.close()
})
