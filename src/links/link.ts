import type { Logger } from 'pino'
import type { Followed, Link } from '../desks/desk.ts'
import type { AgentEvent } from '../domain/agent-event.ts'
import { MediatorError } from '../domain/errors.ts'
import type { Session } from '../domain/session.ts'
import type { LinkStore, Reading } from '../store/link-store.ts'
import type { Kept } from './lease.ts'
import type { Handler } from './switchboard.ts'

/** Makes an event, and how far the conversation was read, durable. Throws STORE_UNAVAILABLE and FENCED. */
export type Emit = (
  desk: string,
  session: Session,
  event: AgentEvent | undefined,
  reading: Reading,
) => Promise<void>

export type RunningState = 'connecting' | 'connected' | 'reconnecting'

export type LinkParts = {
  desk: string
  kept: Kept
  store: LinkStore
  emit: Emit
  log: Logger
  report(state: RunningState): void
  serve(handler: Handler): void
}

/** What a running link is given: everything it does is done under its lease, or not at all. */
export function createLink({ desk, kept, store, emit, log, report, serve }: LinkParts): Link {
  const { lease, signal } = kept
  const followed = new Map<string, Followed>()
  return {
    signal,
    log,
    report,
    serve,
    async sessions() {
      checkHeld(kept)
      const live = new Set(await store.liveSessions(desk))
      for (const id of followed.keys()) if (!live.has(id)) followed.delete(id)
      const added = [...live].filter(id => !followed.has(id))
      await Promise.all(added.map(id => follow(id)))
      return [...followed.values()]
    },
    async emit(session, event, cursor) {
      checkHeld(kept)
      const reading = { fence: lease.fence, ...(cursor !== undefined && { cursor }) }
      await emit(desk, session, event, reading)
      const one = followed.get(session.id)
      if (one && cursor !== undefined) one.cursor = cursor
    },
  }

  async function follow(id: string): Promise<void> {
    const found = await store.followSession(id, lease.fence)
    const conversation = found?.session.conversation
    if (!found || !conversation) return
    const { session, cursor } = found
    followed.set(id, { session: { ...session, conversation }, ...(cursor !== undefined && { cursor }) })
  }
}

function checkHeld({ isHeld, lease }: Kept): void {
  if (!isHeld()) throw new MediatorError('FENCED', `the link ${lease.link} is run by another replica now`)
}
