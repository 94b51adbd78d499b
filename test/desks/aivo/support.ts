import nock from 'nock'
import { pino } from 'pino'
import { expect } from 'vitest'
import { aivo } from '../../../src/desks/aivo/index.ts'
import type { Desk, ToAgent } from '../../../src/desks/desk.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Message } from '../../../src/domain/message.ts'
import type { Session } from '../../../src/domain/session.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor } from '../../../src/lib/http-door.ts'
import { noLinks } from '../../support/no-links.ts'

const SITE = 'https://gateway.example.org'
const BASE = '/api/v1/live-handler'
export const UUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'
export const HASH = '3f2504e04f8911d39a0c0305e82c3301'
export const ROOM = 'd5211892-e170-4d4a-b2dd-de705b595674'
export const NOW = 1_750_000_000_000

/** The least there must be in the table of the configuration. */
export const GIVEN = {
  url: SITE + BASE,
  bot_id: 1000,
  bot_token: 'bot-secret',
  webhook_token: 'hook-secret',
}

/** One request we expect, and what the vendor answers to it. */
export type Step = {
  /** Below the base: `queue/external`. */
  path: string
  sends?: unknown
  sendsHeaders?: Record<string, string>
  status?: number
  answer?: unknown
  headers?: Record<string, string>
  /** The connection fails with this code. */
  fails?: string
}

export type Scene = { label: string; settings?: Record<string, unknown>; steps: Step[] }
export type Stage = { desk: Desk; call: Call; logged: string[] }

export function setStage(settings: Record<string, unknown> = {}): Stage {
  const clock = { now: () => NOW }
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  const http = createHttpDoor({ account: 'aivo', clock })
  const files = createFileSource(createHttpDoor({ account: 'files', clock, breaker: 'off' }))
  const read = aivo.settings.parse({ ...GIVEN, ...settings })
  const desk = aivo.create(read, { name: 'aivo', http, files, clock, links: noLinks })
  return { desk, call: { signal: new AbortController().signal, log, attempt: 1 }, logged }
}

type Seen = { path: string; body: unknown; headers: Headers }

/** Plays the vendor for the steps given, in their order, and checks what it was asked, and that no log has a secret. */
export async function play<T>(scene: Scene, act: (stage: Stage) => Promise<T>): Promise<T | MediatorError> {
  const seen: Seen[] = []
  for (const step of scene.steps) expectStep(step, seen)
  const stage = setStage(scene.settings)
  const outcome = await act(stage).catch(asError)
  expect(seen.map(({ path }) => path)).toEqual(scene.steps.map(({ path }) => path))
  scene.steps.forEach((step, index) => {
    checkSent(step, seen[index] as Seen)
  })
  const told = [...stage.logged, outcome instanceof Error ? outcome.message : ''].join('\n')
  for (const secret of [ROOM, 'bot-secret', 'hook-secret']) expect(told).not.toContain(secret)
  return outcome
}

function asError(error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  throw error
}

function expectStep(step: Step, seen: Seen[]): void {
  nock(SITE)
    .post(`${BASE}/${step.path}`)
    .reply(async (request: Request) => {
      seen.push({ path: step.path, body: await request.json(), headers: request.headers })
      if (step.fails) throw Object.assign(new Error(step.fails), { code: step.fails })
      return [step.status ?? 200, (step.answer ?? '') as nock.Body, step.headers ?? {}]
    })
}

function checkSent(step: Step, seen: Seen): void {
  expect(seen.headers.get('content-type')).toBe('application/json')
  if (step.sends !== undefined) expect(seen.body).toEqual(step.sends)
  for (const [name, value] of Object.entries(step.sendsHeaders ?? {}))
    expect(seen.headers.get(name)).toBe(value)
}

export function aSession(change: Partial<Session> = {}): ToAgent['session'] {
  return {
    id: 'session-1',
    bot: 'rapidpro',
    client: { uuid: UUID, name: 'Ada Example', urn: 'tel:+593990001234' },
    department: 'GTM_HIV',
    openedAt: NOW,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: NOW },
    state: 'assigned',
    conversation: { id: ROOM, state: null },
    ...change,
  } as ToAgent['session']
}

export function aSending(message: Partial<Message>, session: Partial<Session> = {}): ToAgent {
  return {
    session: aSession(session),
    messageId: 'Qm7sLwZ2kTn4pXv9B',
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
