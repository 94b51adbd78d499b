import { pino } from 'pino'
import type { Followed, Link } from '../../../src/desks/desk.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { type ErrorCode, MediatorError } from '../../../src/domain/errors.ts'
import type { Conversation, Session } from '../../../src/domain/session.ts'
import { aSession } from './support.ts'

/** What is durable: it outlives the links that write it, as a store outlives replicas. */
export type Books = {
  sessions: Map<
    string,
    { session: Session & { conversation: Conversation }; cursor?: string; isOver: boolean }
  >
  /** Each accepted once, oldest first. */
  events: (AgentEvent & { session: string })[]
  /** Ids that came again and were dropped. */
  repeats: string[]
}

export type Emission = { session: Session; event: AgentEvent | undefined; cursor: string | undefined }

export type FakeLink = Link & {
  emissions: Emission[]
  reports: string[]
  /** Takes the right to run the link away. */
  stop(): void
  /** What becomes of the next calls of `emit` or `sessions`, the first first; afterwards all goes well. */
  failures: { emit: ErrorCode[]; sessions: ErrorCode[] }
  /** The process dies right after an event was stored, before it hears of it. */
  dieAfter?: (event: AgentEvent) => boolean
}

export function createBooks(): Books {
  return { sessions: new Map(), events: [], repeats: [] }
}

/** A session with this chat, which is also its id. */
export function openSession(books: Books, conversation: Conversation, more: Partial<Session> = {}): void {
  const session = { ...aSession(conversation), ...more, id: conversation.id }
  books.sessions.set(session.id, { session, isOver: false })
}

/** As the bot ends it: nothing is told to the link. */
export function endSession(books: Books, id: string): void {
  const one = books.sessions.get(id)
  if (one) one.isOver = true
}

/** One run of a link over these books. */
export function createFakeLink(books: Books): FakeLink {
  const stopping = new AbortController()
  const failures: FakeLink['failures'] = { emit: [], sessions: [] }
  const link: FakeLink = {
    signal: stopping.signal,
    log: pino({ level: 'silent' }),
    emissions: [],
    reports: [],
    failures,
    stop: () => stopping.abort(),
    report: state => void (link.reports.at(-1) === state || link.reports.push(state)),
    serve: () => undefined,
    async sessions() {
      check(failures.sessions)
      const live = [...books.sessions.values()].filter(({ isOver }) => !isOver)
      return live.map(
        ({ session, cursor }): Followed => ({ session, ...(cursor !== undefined && { cursor }) }),
      )
    },
    async emit(session, event, cursor) {
      if (stopping.signal.aborted) throw new MediatorError('FENCED', 'another replica is at work')
      check(failures.emit)
      link.emissions.push({ session, event, cursor })
      keep(books, session, event)
      if (event && link.dieAfter?.(event)) stopping.abort()
      else saveCursor(books, session, cursor)
    },
  }
  return link
}

function check(planned: ErrorCode[]): void {
  const code = planned.shift()
  if (code) throw new MediatorError(code, 'planned')
}

function keep(books: Books, { id }: Session, event: AgentEvent | undefined): void {
  if (!event) return
  const isRepeat = books.events.some(known => known.type === event.type && known.id === event.id)
  if (isRepeat) books.repeats.push(String(event.id))
  else books.events.push({ ...event, session: id })
  if (event.type === 'closed') endSession(books, id)
}

function saveCursor(books: Books, { id }: Session, cursor: string | undefined): void {
  const one = books.sessions.get(id)
  if (one && cursor !== undefined) one.cursor = cursor
}

/** What the clients of these books have read, and what else happened: `Luis: hello`, `+Luis`, `-`, `end agent`. */
export function storyOf(books: Books, session?: string): string[] {
  return books.events.filter(event => session === undefined || event.session === session).map(toWords)
}

function toWords(event: AgentEvent): string {
  if (event.type === 'message') return `${event.agent ?? ''}: ${event.message.text}`
  if (event.type === 'assigned') return `+${event.agent ?? ''}`
  if (event.type === 'agent-left') return '-'
  return event.type === 'closed' ? `end ${event.reason}` : event.type
}
