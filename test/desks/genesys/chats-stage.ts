import { type ChatsKit, createChatsLink } from '../../../src/desks/genesys/chats-link.ts'
import type { FakeLink } from './fake-link.ts'
import { type Books, createFakeLink } from './fake-link.ts'
import { NOW } from './support.ts'

/** Fast enough for tests; nothing in them depends on how fast. */
const POLL = { busy_ms: 10, idle_ms: 20, busy_for_ms: 60_000 }

export type Run = {
  link: FakeLink
  /** Moves the link's clock on; its timers keep the machine's time. */
  jump(ms: number): void
  /** What `run` rejected with, once it has returned. */
  ended: Promise<unknown>
  /** Takes the link away, and waits until it has left. */
  stop(): Promise<void>
}

/** Runs the link over these books until it is stopped. */
export function runChats(books: Books, leg: ChatsKit['leg'], kit: Partial<ChatsKit> = {}): Run {
  const link = createFakeLink(books)
  const since = performance.now()
  let ahead = 0
  const clock = { now: () => Math.round(NOW + performance.now() - since + ahead) }
  const ears = { seatNickname: 'Bot', relayExternal: true }
  const definition = createChatsLink({ leg, clock, ears, poll: POLL, ...kit })
  const ended = definition.run(link).then(
    () => undefined,
    error => error,
  )
  return {
    link,
    jump(ms) {
      ahead += ms
    },
    ended,
    async stop() {
      link.stop()
      await ended
    },
  }
}
