import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest'
import type { Bot } from '../../../src/bots/bot.ts'
import { rapidpro } from '../../../src/bots/rapidpro/index.ts'
import type { Session } from '../../../src/domain/session.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor, type HttpDoor } from '../../../src/lib/http-door.ts'

export const site = 'https://rapidpro.example.org'
export const token = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00'
export const contact = '5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f'
export const flow = '50c3706e-fedb-42c0-8eab-dda3335714b7'

const doors: HttpDoor[] = []

/** Nothing reaches the network, and every mocked answer must have been asked for. */
export function mockRapidPro(): void {
  beforeAll(() => {
    nock.disableNetConnect()
    nock.enableNetConnect('127.0.0.1')
  })
  afterEach(async () => {
    const pending = nock.pendingMocks()
    nock.cleanAll()
    nock.abortPendingRequests()
    await Promise.all(doors.splice(0).map(door => door.close()))
    if (pending.length > 0) throw new Error(`never asked for: ${pending.join(', ')}`)
  })
  afterAll(() => {
    nock.enableNetConnect()
    nock.restore()
  })
}

/** A server of one's own, for what must be broken off in the middle: mocked sockets do not end as real ones do. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A bot with its own door, at 2026-01-01 unless told. */
export function openBot(
  settings: Record<string, unknown> = {},
  clock = { now: () => 1_767_225_600_000 },
): Bot {
  const http = createHttpDoor({ account: 'rapidpro', clock })
  doors.push(http)
  const read = rapidpro.settings.parse({ url: `${site}/`, token, api: 'messages', ...settings })
  const filesDoor = createHttpDoor({ account: 'files', clock, breaker: 'off' })
  doors.push(filesDoor)
  return rapidpro.create(read, { name: 'rapidpro', http, files: createFileSource(filesDoor), clock })
}

/** An endpoint of the mocked API; asks for the token. */
export function api(endpoint: string, body?: unknown): nock.Interceptor {
  const scope = nock(site, { reqheaders: { authorization: `Token ${token}` } })
  return scope.post(`/api/v2/${endpoint}.json`, body as nock.RequestBodyMatcher)
}

/** What a 201 carries. */
export const created = (status = 'queued') => ({ id: 4105426, status })

export function makeCall(attempt = 1, signal = new AbortController().signal): Call & { lines: string[] } {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: line => void lines.push(line) })
  return { signal, log, attempt, lines }
}

export const session: Session = {
  id: 's1',
  bot: 'rapidpro',
  client: { uuid: contact },
  department: 'GTM_HIV',
  openedAt: 0,
  gate: { open: true, dayType: 'workingday', dayName: 'monday', at: 0 },
  state: 'assigned',
  desk: 'rocketchat',
  agent: 'Ana',
}

export const text = (words: string) => ({ text: words, attachments: [] })
