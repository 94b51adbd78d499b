import { pino } from 'pino'
import { expect } from 'vitest'
import {
  type ChatServer,
  type ChatServerOptions,
  startChatServer,
} from '../../../simulators/chat-server/index.ts'
import { chatServer } from '../../../src/desks/chat-server/index.ts'
import type { Desk, Opened, OpeningRequest, ToAgent } from '../../../src/desks/desk.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Message } from '../../../src/domain/message.ts'
import type { Session } from '../../../src/domain/session.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createClock } from '../../../src/lib/clock.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor } from '../../../src/lib/http-door.ts'
import { until } from '../../support/until.ts'
import { createBook, createFakeLink, type FakeLink, type SessionBook } from './fake-link.ts'

export const UUID = '0b1f4a0e-5c60-4e0a-9c1e-3f1d0c1b7a11'
export const MESSAGE_ID = 'Qm7sLwZ2kTn4pXv9B'
export const CONNECTOR = { id: 'live-agents', name: 'Live Agents', channel: 'live-agents' }

const QUICK = { join_timeout_ms: 250, end_timeout_ms: 250 }

/** A chat server, a desk that is connected to it, and what its link has passed on. */
export type Stage = Replica & { server: ChatServer; stop(): Promise<void> }

/** One process of ours. */
export type Replica = { desk: Desk; link: FakeLink; book: SessionBook; logged: string[] }

export type StageOptions = { settings?: Record<string, unknown>; server?: ChatServerOptions }

const stops: (() => Promise<void>)[] = []

/** For `afterEach`: leaves every link and ends every server. */
export async function strike(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop()
}

export async function startServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const server = await startChatServer(options)
  stops.push(server.stop)
  return server
}

export async function setStage({ settings = {}, server: options = {} }: StageOptions = {}) {
  const server = await startServer(options)
  const replica = startReplica(server.url, settings)
  await until('the link is connected', () => replica.link.state === 'connected')
  return { server, ...replica }
}

export function startReplica(
  url: string,
  settings: Record<string, unknown> = {},
  book: SessionBook = createBook(),
): Replica {
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  const link = createFakeLink(book, log)
  const clock = createClock()
  const http = createHttpDoor({ account: 'chat', clock })
  const filesDoor = createHttpDoor({ account: 'files', clock, breaker: 'off' })
  const read = chatServer.settings.parse({ url, connector: CONNECTOR, ...QUICK, ...settings })
  const kit = { name: 'chat', http, files: createFileSource(filesDoor), clock, links: link.door }
  const desk = chatServer.create(read, kit)
  link.run(desk)
  stops.push(async () => {
    await link.leave()
    await Promise.all([http.close(), filesDoor.close()])
  })
  return { desk, link, book, logged }
}

export function aCall(attempt = 1, signal: AbortSignal = AbortSignal.timeout(7_500)): Call {
  return { signal, log: pino({ level: 'silent' }), attempt }
}

export function aRequest(change: Partial<OpeningRequest> = {}): OpeningRequest {
  return {
    session: 'session-1',
    client: { uuid: UUID, name: 'Ana María López', urn: 'tel:+50212345678' },
    department: 'GTM_HIV_GENERAL',
    results: {},
    ...change,
  }
}

export function toSession({ session: id, client, department }: OpeningRequest): Session {
  return {
    id,
    bot: 'rapidpro',
    client,
    department,
    openedAt: 0,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: 0 },
    state: 'queued',
    desk: 'chat',
  }
}

export type Talk = { opened: Opened; session: ToAgent['session']; id: string }

/** Opens a conversation and settles it, as the pipeline does. */
export async function openTalk(
  { desk, book }: Pick<Replica, 'desk' | 'book'>,
  change: Partial<OpeningRequest> = {},
): Promise<Talk> {
  const request = aRequest(change)
  const opened = await desk.openConversation(request, aCall())
  const session = { ...toSession(request), conversation: opened.conversation, state: opened.state }
  book.begin(session)
  return { opened, session, id: opened.conversation.id }
}

export function toSending(
  session: ToAgent['session'],
  message: Partial<Message>,
  messageId = MESSAGE_ID,
): ToAgent {
  return { session, messageId, message: { text: '', attachments: [], ...message } }
}

/** What the client has been told of one session, in order. */
export function textsOf(book: SessionBook, session: string): string[] {
  return book.eventsOf(session).flatMap(event => (event.type === 'message' ? [event.message.text] : []))
}

export async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch(error => error)
}

/** An error as its code, and the words that must be in its message. */
export function expectError(outcome: unknown, code: string, ...words: string[]): void {
  expect(outcome).toBeInstanceOf(MediatorError)
  const error = outcome as MediatorError
  expect(error.code).toBe(code)
  for (const word of words) expect(error.message).toContain(word)
}
