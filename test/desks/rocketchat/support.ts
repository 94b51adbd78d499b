import nock from 'nock'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { Desk, ToAgent } from '../../../src/desks/desk.ts'
import { rocketchat } from '../../../src/desks/rocketchat/index.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Message } from '../../../src/domain/message.ts'
import type { Conversation, Session } from '../../../src/domain/session.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor } from '../../../src/lib/http-door.ts'
import { noLinks } from '../../support/no-links.ts'

export const SITE = 'https://chat.example.org'
export const UUID = '0b1f4a0e-5c60-4e0a-9c1e-3f1d0c1b7a11'
export const MESSAGE_ID = 'Qm7sLwZ2kTn4pXv9B'
export const NOW = 1_750_000_000_000

/** One request we expect, and what the vendor answers to it. */
export type Step = {
  /** `POST livechat/visitor`; anything with `://` is taken as a whole address. */
  ask: string
  /** The JSON sent, or words that must be in a body that is none. */
  sends?: unknown
  sendsHeaders?: Record<string, string>
  status?: number
  answer?: unknown
  headers?: Record<string, string>
  /** The connection fails with this code, or a whole answer never comes. */
  fails?: string
}

export type Scene = {
  label: string
  settings?: Record<string, unknown>
  steps: Step[]
  attempt?: number
}

export type Stage = { desk: Desk; call: Call; logged: string[]; time: { now: number } }

export function setStage(settings: Record<string, unknown> = {}, attempt = 1): Stage {
  const time = { now: NOW }
  const clock = { now: () => time.now }
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  const http = createHttpDoor({ account: 'rocketchat', clock })
  const files = createFileSource(createHttpDoor({ account: 'files', clock, breaker: 'off' }))
  const read = rocketchat.settings.parse({ url: `${SITE}/`, webhook_token: 'hook-secret', ...settings })
  const desk = rocketchat.create(read, { name: 'rocketchat', http, files, clock, links: noLinks })
  return { desk, call: { signal: new AbortController().signal, log, attempt }, logged, time }
}

type Seen = { ask: string; body: string; headers: Headers }

/** Plays the vendor for the steps given, in their order, and checks what it was asked. */
export async function play<T>(scene: Scene, act: (stage: Stage) => Promise<T>): Promise<T | MediatorError> {
  const seen: Seen[] = []
  for (const step of scene.steps) expectStep(step, seen)
  const stage = setStage(scene.settings, scene.attempt)
  const outcome = await act(stage).catch(asError)
  expect(seen.map(({ ask }) => ask)).toEqual(scene.steps.map(({ ask }) => ask))
  scene.steps.forEach((step, index) => {
    checkSent(step, seen[index] as Seen)
  })
  return outcome
}

function asError(error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  throw error
}

function expectStep(step: Step, seen: Seen[]): void {
  const [method = '', path = ''] = step.ask.split(' ')
  const { origin, pathname, searchParams } = new URL(path.includes('://') ? path : `${SITE}/api/v1/${path}`)
  const interceptor = nock(origin).intercept(pathname, method).query(Object.fromEntries(searchParams))
  interceptor.reply(async (request: Request) => {
    seen.push({ ask: step.ask, body: await request.text(), headers: request.headers })
    if (step.fails) throw Object.assign(new Error(step.fails), { code: step.fails })
    return [step.status ?? 200, step.answer ?? '', step.headers ?? {}]
  })
}

function checkSent(step: Step, seen: Seen): void {
  if (Array.isArray(step.sends)) for (const words of step.sends) expect(seen.body).toContain(words)
  else if (step.sends !== undefined) expect(JSON.parse(seen.body)).toEqual(step.sends)
  for (const [name, value] of Object.entries(step.sendsHeaders ?? {}))
    expect(seen.headers.get(name)).toBe(value)
}

export function aSession(conversation?: Partial<Conversation>): ToAgent['session'] {
  return {
    id: 'session-1',
    bot: 'rapidpro',
    client: { uuid: UUID, name: 'Ana', urn: 'tel:+50212345678' },
    department: 'GTM_HIV_GENERAL',
    openedAt: NOW,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: NOW },
    state: 'assigned',
    conversation: { id: 'room1', state: null, ...conversation },
  }
}

export function withoutConversation(): Session {
  const { conversation: _, ...session } = aSession()
  return session
}

export function aSending(message: Partial<Message>, conversation?: Partial<Conversation>): ToAgent {
  return {
    session: aSession(conversation),
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
