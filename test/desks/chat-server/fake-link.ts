import type { Logger } from 'pino'
import type { Desk, Followed, Link, ToAgent } from '../../../src/desks/desk.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { asMediatorError, MediatorError } from '../../../src/domain/errors.ts'
import type { LinkDoor } from '../../../src/lib/link-door.ts'

/** What the store keeps of sessions and their events: outlives a replica, and drops repeats. */
export type SessionBook = {
  begin(session: ToAgent['session']): void
  end(session: string): void
  /** What was accepted, in order, each once. */
  eventsOf(session: string): AgentEvent[]
  cursorOf(session: string): string | undefined
  /** How often an event was offered that had been accepted before. */
  repeats: number
  /** The next calls of `emit` find the store away: before the event is kept, or only for its answer. */
  failures: ('before' | 'after')[]
  live(): Followed[]
  accept(session: string, event: AgentEvent | undefined, cursor: string | undefined): void
}

type Kept = {
  session: ToAgent['session']
  isLive: boolean
  cursor?: string
  events: AgentEvent[]
  seen: Set<string>
}

export function createBook(): SessionBook {
  const kept = new Map<string, Kept>()
  const away = () => new MediatorError('STORE_UNAVAILABLE', 'the store is away')
  const book: SessionBook = {
    repeats: 0,
    failures: [],
    begin: session => void kept.set(session.id, { session, isLive: true, events: [], seen: new Set() }),
    end(id) {
      const one = kept.get(id)
      if (one) one.isLive = false
    },
    eventsOf: id => kept.get(id)?.events ?? [],
    cursorOf: id => kept.get(id)?.cursor,
    live: () =>
      [...kept.values()]
        .filter(one => one.isLive)
        .map(({ session, cursor }) => ({ session, ...(cursor !== undefined && { cursor }) })),
    accept(id, event, cursor) {
      const failure = book.failures.shift()
      if (failure === 'before') throw away()
      const one = kept.get(id)
      if (one) keep(book, one, event, cursor)
      if (failure === 'after') throw away()
    },
  }
  return book
}

function keep(book: SessionBook, one: Kept, event: AgentEvent | undefined, cursor: string | undefined): void {
  if (cursor !== undefined) one.cursor = cursor
  if (!event || !one.isLive) return
  const key = `${event.type}/${event.id}`
  if (event.id !== undefined && one.seen.has(key)) book.repeats += 1
  else one.events.push(event)
  one.seen.add(key)
  if (event.type === 'closed') one.isLive = false
}

export type FakeLink = {
  state: string
  /** What `run` ended with, if it threw. */
  error: MediatorError | undefined
  door: LinkDoor
  run(desk: Desk): void
  /** Another replica has taken over, which this one finds out with its next event. */
  isFenced: boolean
  /** As when the lease is lost: resolves once `run` has returned. */
  leave(): Promise<void>
}

/** Stands in for the supervisor and the store: runs the desk's link once, in this process. */
export function createFakeLink(book: SessionBook, log: Logger): FakeLink {
  const leaving = new AbortController()
  let handler: Parameters<Link['serve']>[0] | undefined
  let running: Promise<void> = Promise.resolve()
  const fake: FakeLink = {
    state: 'connecting',
    error: undefined,
    isFenced: false,
    door: {
      async ask(name, question, call, timeoutMs = 7_000) {
        if (name !== 'connector' || !handler || leaving.signal.aborted)
          throw new MediatorError('UNREACHABLE', `no replica runs ${name}`)
        const signal = AbortSignal.any([call.signal, leaving.signal, AbortSignal.timeout(timeoutMs)])
        const asked = JSON.parse(JSON.stringify(question))
        const answer = await handler(asked, { ...call, signal })
        return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer))
      },
    },
    run({ inbound }) {
      if (inbound.kind !== 'link' || !inbound.links[0]) throw new Error('the desk has no link')
      running = inbound.links[0].run(link).catch(error => {
        fake.error = asMediatorError(error)
        fake.state = 'stopped'
      })
    },
    async leave() {
      leaving.abort()
      await running
    },
  }
  const link: Link = {
    signal: leaving.signal,
    log,
    report(state) {
      fake.state = state
    },
    sessions: async () => book.live(),
    async emit(session, event, cursor) {
      if (leaving.signal.aborted || fake.isFenced)
        throw new MediatorError('FENCED', 'another replica runs the link')
      book.accept(session.id, event, cursor)
    },
    serve(offered) {
      handler = offered
    },
  }
  return fake
}
