import type { Answer } from '../../../src/desks/genesys/answer.ts'
import type { Notice } from '../../../src/desks/genesys/seat/notice.ts'
import { readNotice } from '../../../src/desks/genesys/seat/notice.ts'
import { createRelay } from '../../../src/desks/genesys/seat/relay.ts'
import { createBooks, createFakeLink, openSession, storyOf } from './fake-link.ts'

export const ID = 'i1'
export const ANA = { type: 'Agent', nickname: 'Ana', participantId: '3' }
export const SEAT = { type: 'Agent', nickname: 'Helper', participantId: '2' }
export const CLIENT = { type: 'Customer', nickname: 'Eva', participantId: '1' }

/** A relay that is told things directly, at a time that stands still. */
export function setStage(history: Answer | 'none' = { ok: true, body: {} }) {
  let now = 1_000_000
  const books = createBooks()
  const link = createFakeLink(books)
  const asked: number[] = []
  const relay = createRelay({
    link,
    clock: { now: () => now },
    names: () => new Set(['u1']),
    nickname: 'Helper',
    requestHistory:
      history === 'none'
        ? undefined
        : async () => {
            asked.push(now)
            return history
          },
  })
  const hear = (data: Record<string, unknown>) => relay.hear(readNotice(data) as Notice, false)
  return {
    books,
    link,
    relay,
    asked,
    session: () => openSession(books, { id: ID, state: {} }),
    lines: (...messages: unknown[]) => hear({ chatPath: `/chats/${ID}`, messages }),
    chat: (about: Record<string, unknown>) => hear({ chat: { id: ID, ...about } }),
    async pass(ms = 0) {
      now += ms
      await relay.settle()
      await relay.settle()
    },
    story: () => storyOf(books),
    cursor: () => books.sessions.get(ID)?.cursor,
  }
}

export const text = (index: number, words: string, from: object = ANA, more = {}) => ({
  index,
  type: 'Text',
  text: words,
  from,
  visibility: 'All',
  ...more,
})
export const joined = (index: number, from: object) => ({
  index,
  type: 'ParticipantJoined',
  from,
  visibility: 'All',
})

export const BEGINNING = [joined(1, CLIENT), joined(2, SEAT)]

/** In the chat, with its session, after its beginning. */
export async function startChat(history?: Answer | 'none') {
  const stage = setStage(history)
  stage.relay.before(ID, { operation: 'Accept' })
  stage.lines(...BEGINNING)
  stage.session()
  await stage.pass()
  return stage
}
