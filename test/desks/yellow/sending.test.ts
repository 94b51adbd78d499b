import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attachment } from '../../../src/domain/message.ts'
import type { EndReason } from '../../../src/domain/session.ts'
import { aSending, aSession, expectError, MESSAGE_ID, nock, play, type Reply, UUID } from './support.ts'

const taken: Reply = { answer: { status: 'success', data: { ticketId: 275333 }, message: 'ok' } }
const failure = (message: string, status = 200): Reply => ({ status, answer: { status: 'failure', message } })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

const send = (replies: Reply[], message: Parameters<typeof aSending>[0], settings = {}) =>
  play(replies, settings, ({ desk, call }) => desk.sendToAgent(aSending(message), call))

const TICKET = {
  messageId: MESSAGE_ID,
  ticketId: '275333',
  source: 'whatsapp',
  conversationId: 'session-1',
}
const file = (contentType: string, url = 'https://cdn.example.org/a?x=1'): Attachment => ({
  contentType,
  url,
})

describe('what the client says', () => {
  test('a text', async () => {
    const { outcome, seen } = await send([taken], { text: '“hello”' })
    expect(outcome).toBeUndefined()
    expect(seen[0]?.path).toBe('/api/sendMessage/acme')
    expect(seen[0]?.body).toEqual({
      body: {
        user: { senderId: UUID, userName: 'Ada Example' },
        ticket: { ...TICKET, messageType: 'text', message: '“hello”' },
      },
    })
  })

  test.each([
    ['image/jpeg', 'image'],
    ['image', 'image'],
    ['Video/mp4', 'video'],
    ['audio/ogg', 'file'],
    ['application/pdf', 'file'],
    ['imagery/x', 'file'],
  ])('a file of the type %s is of the type %s', async (contentType, type) => {
    const { seen } = await send([taken], { attachments: [file(contentType)] })
    expect(seen[0]?.path).toBe('/api/sendMedia/acme')
    expect(seen[0]?.body.body.ticket).toEqual({
      ...TICKET,
      messageType: 'media',
      mediaJson: { type, url: 'https://cdn.example.org/a?x=1' },
    })
  })

  test('a place is a text with a map', async () => {
    const { seen } = await send([taken], { attachments: [file('geo', 'geo:14.6,-90.5')] })
    expect(seen[0]?.body.body.ticket).toMatchObject({
      messageType: 'text',
      message: expect.stringMatching(/^geo:14\.6,-90\.5\nhttps:\/\/www\.openstreetmap\.org\/\?mlat=14\.6/),
    })
  })

  test('text and files go one by one, each with an id of its own', async () => {
    const attachments = [file('image/png'), file('text/csv')]
    const { seen } = await send([taken, taken, taken], { text: 'look', attachments })
    expect(seen.map(({ body: { body } }) => [body.ticket.messageType, body.ticket.messageId])).toEqual([
      ['text', MESSAGE_ID],
      ['media', `${MESSAGE_ID}a1`],
      ['media', `${MESSAGE_ID}a2`],
    ])
  })

  test('the thread is that of the opening, or made again where the state is unreadable', async () => {
    const settings = { source: 'later', default_email: 'x@example.org' }
    const { seen } = await play([taken, taken], settings, async ({ desk, call }) => {
      await desk.sendToAgent(aSending({ text: 'a' }), call)
      const session = aSession({ conversation: { id: '1', state: null } })
      await desk.sendToAgent({ ...aSending({ text: 'b' }), session }, call)
    })
    expect(seen.map(({ body: { body } }) => body.ticket.source)).toEqual(['whatsapp', 'later'])
    expect(seen[1]?.body.body).toMatchObject({
      user: { userEmail: 'x@example.org' },
      ticket: { conversationId: 'session-1', ticketId: '1' },
    })
  })
})

describe('is refused', () => {
  const TEXT = 'my ticket is closed, Ada says'
  test.each<[Reply, code: string]>([
    [failure('Ticket 275333 is closed'), 'CONVERSATION_GONE'],
    [failure('TICKET HAS ALREADY BEEN RESOLVED', 400), 'CONVERSATION_GONE'],
    [failure('Invalid ticketId'), 'CONVERSATION_GONE'],
    [failure('No such conversation', 404), 'CONVERSATION_GONE'],
    [{ status: 404, answer: { message: 'Ticket not found' } }, 'CONVERSATION_GONE'],
    [failure('Cannot find ticket 275333'), 'CONVERSATION_GONE'],
    [failure("ticket with id TCK-9 doesn't exist"), 'CONVERSATION_GONE'],
    [failure(`"${TEXT}" is too rude`), 'REJECTED'],
    [failure('ticketId is mandatory'), 'REJECTED'],
    [failure('ticket 275333: attachment not found'), 'REJECTED'],
    [failure(`${'…'.repeat(300)}ticket is closed`), 'REJECTED'],
    [failure(''), 'REJECTED'],
    [{ answer: { status: 'failure' } }, 'REJECTED'],
    [{ status: 404, answer: 'Cannot POST' }, 'MISCONFIGURED'],
    [{ status: 401 }, 'MISCONFIGURED'],
    [{ status: 503 }, 'UNREACHABLE'],
    [{ answer: {} }, 'UNEXPECTED'],
    [{ fails: 'ECONNREFUSED' }, 'UNREACHABLE'],
  ])('%j: %s', async (reply, code) => {
    const { outcome, logged } = await send([reply], { text: TEXT })
    expectError(outcome, code, 'helpdesk')
    expect(String(outcome) + logged.join()).not.toMatch(/Ada|rude|275333|acme/)
  })

  test('in no words that look like success', async () => {
    const said = 'the ticket is closed'
    expect(
      (await send([{ ...taken, answer: { status: 'success', message: said } }], { text: 'a' })).outcome,
    ).toBe(undefined)
    expect((await send([{ answer: { data: { ticketId: 1 } } }], { text: 'a' })).outcome).toBe(undefined)
  })

  test('a file, as a text', async () => {
    const { outcome } = await send([failure('chat is not open')], { attachments: [file('image/png')] })
    expectError(outcome, 'CONVERSATION_GONE')
  })

  test('a file, whose address is no evidence', async () => {
    const url = 'https://cdn.example.org/ticket-12-closed'
    const { outcome } = await send([failure(`cannot fetch ${url}`)], { attachments: [file('image', url)] })
    expectError(outcome, 'REJECTED')
  })
})

describe('the end', () => {
  const LEFT = { client_left_text: 'The client has left.' }
  const close = (replies: Reply[], settings: object, reason: EndReason = 'bot', session = aSession()) =>
    play(replies, { ...settings }, ({ desk, call }) => desk.closeConversation(session, reason, call))

  test('cannot be told', async () => {
    expect((await close([], {})).outcome).toBeUndefined()
  })

  test('is said where there are words for it, the same way each time', async () => {
    const { seen, outcome } = await close([taken], LEFT)
    expect(outcome).toBeUndefined()
    expect(seen[0]?.path).toBe('/api/sendMessage/acme')
    expect(seen[0]?.body.body.ticket).toMatchObject({ message: LEFT.client_left_text, ticketId: '275333' })
    const again = await close([taken], LEFT, 'expired')
    expect(again.seen[0]?.body).toEqual(seen[0]?.body)
  })

  test.each<EndReason>(['agent', 'gone'])('by %s is known there', async reason => {
    expect((await close([], LEFT, reason)).outcome).toBeUndefined()
  })

  test('of what never came to be', async () => {
    const { conversation: _, ...session } = aSession()
    const { outcome } = await play([], LEFT, ({ desk, call }) =>
      desk.closeConversation(session, 'failed', call),
    )
    expect(outcome).toBeUndefined()
  })

  test.each([failure('no'), failure('ticket is closed')])('is over though the desk says %j', async reply => {
    expect((await close([reply], LEFT)).outcome).toBeUndefined()
  })

  test('is told again when the desk was away', async () => {
    expectError((await close([{ status: 502 }], LEFT)).outcome, 'UNREACHABLE')
  })
})
