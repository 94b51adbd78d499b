import nock from 'nock'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { Desk, OpeningRequest, ToAgent } from '../../../src/desks/desk.ts'
import type { CustomerLeg } from '../../../src/desks/genesys/customer-leg.ts'
import { createGms } from '../../../src/desks/genesys/gms.ts'
import { createGws } from '../../../src/desks/genesys/gws.ts'
import { genesys } from '../../../src/desks/genesys/index.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Message } from '../../../src/domain/message.ts'
import type { Conversation } from '../../../src/domain/session.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor } from '../../../src/lib/http-door.ts'
import { noLinks } from '../../support/no-links.ts'

const GWS = 'https://gws.example.org/api/v2'
export const GMS = 'https://gms.example.org'
export const UUID = '0b1f4a0e-5c60-4e0a-9c1e-3f1d0c1b7a11'
export const NOW = 1_750_000_000_000

/** What breaks where texts are put together carelessly. */
export const ODD_TEXT = 'a & b = c?\n"señora" 50% + <b> 👩‍👩‍👧 \\n'

/** One request we expect, and what the vendor answers to it. */
export type Step = {
  /** `POST /chats`; anything with `://` is taken as a whole address. */
  ask: string
  /** The JSON sent. */
  sends?: unknown
  /** The form sent, every field of it. */
  sendsForm?: Record<string, string>
  /** Undefined: must not be there. */
  sendsHeaders?: Record<string, string | undefined>
  status?: number
  answer?: unknown
  /** The connection fails with this code. */
  fails?: string
}

export type Scene = { label: string; settings?: Record<string, unknown>; steps: Step[] }

export type Stage = {
  desk: Desk
  /** The same desk's part as the customer. */
  leg: CustomerLeg
  call: Call
  logged: string[]
}

export const GIVEN_GWS = { url: `${GWS}/`, contact_center_id: 'center-1' }
export const GIVEN_GMS = { customer_api: 'gms', gms_url: GMS }

export function setStage(settings: Record<string, unknown>): Stage {
  const clock = { now: () => NOW }
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  const http = createHttpDoor({ account: 'genesys', clock })
  const files = createFileSource(createHttpDoor({ account: 'files', clock, breaker: 'off' }))
  const read = genesys.settings.parse(settings)
  const kit = { name: 'genesys', http, files, clock, links: noLinks }
  const desk = genesys.create(read, kit)
  const leg = read.customer_api === 'gms' ? createGms(read, kit) : createGws(read, kit)
  return { desk, leg, call: { signal: new AbortController().signal, log, attempt: 1 }, logged }
}

type Seen = { ask: string; body: string; headers: Headers }

/** Plays the vendor for the steps given, in their order, and checks what it was asked. */
export async function play<T>(scene: Scene, act: (stage: Stage) => Promise<T>): Promise<T | MediatorError> {
  const seen: Seen[] = []
  for (const step of scene.steps) expectStep(step, seen)
  const stage = setStage(scene.settings ?? GIVEN_GWS)
  const outcome = await act(stage).catch(asError)
  expect(seen.map(({ ask }) => ask)).toEqual(scene.steps.map(({ ask }) => ask))
  scene.steps.forEach((step, index) => {
    checkSent(step, seen[index] as Seen)
  })
  expect(stage.logged.join('\n')).not.toMatch(/secret|👩|señora/)
  return outcome
}

function asError(error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  throw error
}

function expectStep(step: Step, seen: Seen[]): void {
  const [method = '', path = ''] = step.ask.split(' ')
  const { origin, pathname, searchParams } = new URL(path.includes('://') ? path : GWS + path)
  const interceptor = nock(origin).intercept(pathname, method).query(Object.fromEntries(searchParams))
  interceptor.reply(async (request: Request) => {
    seen.push({ ask: step.ask, body: await request.text(), headers: request.headers })
    if (step.fails) throw Object.assign(new Error(step.fails), { code: step.fails })
    return [step.status ?? 200, step.answer ?? '', {}]
  })
}

function checkSent(step: Step, seen: Seen): void {
  if (step.sends !== undefined) expect(JSON.parse(seen.body)).toEqual(step.sends)
  if (step.sendsForm) checkForm(step.sendsForm, seen)
  for (const [name, value] of Object.entries(step.sendsHeaders ?? {}))
    expect(seen.headers.get(name) ?? undefined).toBe(value)
}

function checkForm(form: Record<string, string>, { body, headers }: Seen): void {
  expect(headers.get('content-type')).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual(form)
}

export function anOpening(request: Partial<OpeningRequest> = {}): OpeningRequest {
  return {
    session: 'session-1',
    client: { uuid: UUID, name: ' Ana ', urn: 'tel:+50212345678' },
    department: 'GTM_HIV',
    results: { age: '34', topic: 'a & b' },
    ...request,
  }
}

export function aSession(conversation: Conversation): ToAgent['session'] {
  return {
    id: 'session-1',
    bot: 'rapidpro',
    client: { uuid: UUID, name: 'Ana', urn: 'tel:+50212345678' },
    department: 'GTM_HIV',
    openedAt: NOW,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: NOW },
    state: 'queued',
    conversation,
  }
}

export function aSending(message: Partial<Message>, conversation: Conversation): ToAgent {
  return {
    session: aSession(conversation),
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

/** No request goes anywhere but to the steps of a scene. Call in the body of a test file. */
export function useNoNetwork(hooks: {
  beforeEach(act: () => void): void
  afterEach(act: () => void): void
}): void {
  hooks.beforeEach(() => nock.disableNetConnect())
  hooks.afterEach(() => {
    nock.cleanAll()
    nock.enableNetConnect()
  })
}
