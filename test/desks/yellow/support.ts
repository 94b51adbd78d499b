import nock from 'nock'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { Desk, OpeningRequest, ToAgent } from '../../../src/desks/desk.ts'
import { yellow } from '../../../src/desks/yellow/index.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Message } from '../../../src/domain/message.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor } from '../../../src/lib/http-door.ts'
import { noLinks } from '../../support/no-links.ts'

const BASE = 'https://desk.example.org/api'
export const UUID = '0b1f4a0e-5c60-4e0a-9c1e-3f1d0c1b7a11'
export const MESSAGE_ID = 'Qm7sLwZ2kTn4pXv9B'
export const GIVEN = { url: BASE, company: 'acme', token: 'desk-key', webhook_token: 'hook-secret' }

export type Stage = { desk: Desk; call: Call; logged: string[] }

export function setStage(settings: Record<string, unknown> = {}): Stage {
  const clock = { now: () => 1_750_000_000_000 }
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  const http = createHttpDoor({ account: 'helpdesk', clock })
  const files = createFileSource(createHttpDoor({ account: 'files', clock, breaker: 'off' }))
  const read = yellow.settings.parse({ ...GIVEN, ...settings })
  const desk = yellow.create(read, { name: 'helpdesk', http, files, clock, links: noLinks })
  return { desk, call: { signal: new AbortController().signal, log, attempt: 1 }, logged }
}

/** What the desk answers to the next call; a text goes as it is. */
export type Reply = { status?: number; answer?: unknown; headers?: Record<string, string>; fails?: string }

export type Seen = { path: string; headers: Headers; body: { body: { user: Json; ticket: Json } } }
type Json = Record<string, unknown>

/** Plays the desk for as many calls as there are replies; resolves to what came out, and what the desk saw. */
export async function play<T>(
  replies: Reply[],
  settings: Record<string, unknown>,
  act: (stage: Stage) => Promise<T>,
): Promise<{ outcome: T | MediatorError; seen: Seen[]; logged: string[] }> {
  const seen: Seen[] = []
  for (const reply of replies) expectCall(reply, seen)
  const stage = setStage(settings)
  const outcome = await act(stage).catch(asError)
  expect(seen).toHaveLength(replies.length)
  return { outcome, seen, logged: stage.logged }
}

function expectCall({ status = 200, answer = '', headers = {}, fails }: Reply, seen: Seen[]): void {
  const { origin } = new URL(BASE)
  nock(origin)
    .post(/./)
    .reply(async (request: Request) => {
      const path = new URL(request.url).pathname
      seen.push({ path, headers: request.headers, body: (await request.json()) as Seen['body'] })
      if (fails) throw Object.assign(new Error(fails), { code: fails })
      return [status, answer as string, headers]
    })
}

function asError(error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  throw error
}

export const REQUEST: OpeningRequest = {
  session: 'session-1',
  client: { uuid: UUID, name: 'Ada Example', urn: 'whatsapp:50212345678' },
  department: 'GTM_HIV',
  results: { age: '34', color: 'red' },
}

export function aSession(changes: Partial<ToAgent['session']> = {}): ToAgent['session'] {
  return {
    id: 'session-1',
    bot: 'rapidpro',
    client: REQUEST.client,
    department: REQUEST.department,
    openedAt: 0,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: 0 },
    state: 'assigned',
    conversation: { id: '275333', state: { conversationId: 'session-1', source: 'whatsapp' } },
    ...changes,
  }
}

export function aSending(message: Partial<Message>): ToAgent {
  return {
    session: aSession(),
    messageId: MESSAGE_ID,
    message: { text: '', attachments: [], ...message },
  }
}

/** An error as its code, and the words that must be in its message. */
export function expectError(outcome: unknown, code: string, ...words: string[]): void {
  expect(outcome).toBeInstanceOf(MediatorError)
  const error = outcome as MediatorError
  expect(error.code).toBe(code)
  for (const word of words) expect(error.message).toContain(word)
}

export { nock }
