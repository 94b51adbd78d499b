import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../../src/domain/message.ts'
import {
  aSending,
  aSession,
  expectError,
  ODD_TEXT,
  play,
  type Scene,
  type Step,
  useNoNetwork,
} from './support.ts'

useNoNetwork({ beforeEach, afterEach })

const CHAT = { id: 'chat/1', state: { leg: 'gws' } }
const PATH = '/chats/chat%2F1'
const AS_CUSTOMER = { contactcenterid: 'center-1', authorization: undefined, cookie: undefined }
const OK = { statusCode: 0 }
const failure = (statusCode: number) => ({ statusCode, statusMessage: 'no: secret' })

type Row = Scene & { error?: [string, ...string[]] }

describe('sendToAgent', () => {
  const say = (text: string, answer: unknown = OK): Step => ({
    ask: `POST ${PATH}`,
    sends: { operationName: 'SendMessage', text },
    sendsHeaders: AS_CUSTOMER,
    answer,
  })
  const state = (chat: Record<string, unknown>): Step => ({
    ask: `GET ${PATH}`,
    sendsHeaders: AS_CUSTOMER,
    answer: { ...OK, chat: { id: 'chat/1', ...chat } },
  })
  const link = (name?: string) => ({
    contentType: 'image/png',
    url: 'https://files.example.org/a?b=1&c=2',
    name,
  })
  const hello = say('hello')

  const rows: (Row & { message?: Partial<Message> })[] = [
    { label: 'says it as the customer', steps: [hello] },
    { label: 'says it as it is', message: { text: ODD_TEXT }, steps: [say(ODD_TEXT)] },
    {
      label: 'says files as links',
      message: { text: '', attachments: [link()] },
      steps: [say('https://files.example.org/a?b=1&c=2')],
    },
    {
      label: 'says text and files in one where they come in one',
      message: { text: 'see', attachments: [link('a.png'), { contentType: 'geo', url: 'geo:14.6,-90.5' }] },
      steps: [
        say(
          'see\na.png: https://files.example.org/a?b=1&c=2\ngeo:14.6,-90.5\nhttps://www.openstreetmap.org/?mlat=14.6&mlon=-90.5#map=16/14.6/-90.5',
        ),
      ],
    },
    { label: 'finds the chat unknown', steps: [say('hello', failure(6))], error: ['CONVERSATION_GONE'] },
    {
      label: 'finds the chat unknown, by status too',
      steps: [{ ...hello, status: 404, answer: failure(6) }],
      error: ['CONVERSATION_GONE'],
    },
    {
      label: 'finds the chat idle',
      steps: [say('hello', failure(2)), state({ state: 'Idle' })],
      error: ['CONVERSATION_GONE'],
    },
    {
      label: 'finds the chat deserted',
      steps: [
        say('hello', failure(2)),
        state({ state: 'Chatting', capabilities: ['Complete'], participants: [] }),
      ],
      error: ['CONVERSATION_GONE'],
    },
    {
      label: 'waits for an agent where nothing can be said before',
      steps: [say('hello', failure(2)), state({ state: 'WaitingForAgent', capabilities: ['Complete'] })],
      error: ['UNREACHABLE', 'yet'],
    },
    {
      label: 'is refused in a chat that goes on',
      steps: [
        say('hello', failure(2)),
        state({ state: 'Chatting', capabilities: [], participants: [{ type: 'Agent', nickname: 'Luis' }] }),
      ],
      error: ['REJECTED'],
    },
    { label: 'may not speak here', steps: [say('hello', failure(5))], error: ['REJECTED', '5'] },
    { label: 'finds it failing', steps: [say('hello', failure(4))], error: ['UNREACHABLE'] },
    {
      label: 'does not take a strange 404 for the end',
      steps: [{ ...hello, status: 404, answer: '<html>nginx</html>' }],
      error: ['UNEXPECTED', 'url'],
    },
    { label: 'does not take HTML for success', steps: [say('hello', '<html>')], error: ['UNEXPECTED'] },
    { label: 'gets no answer', steps: [{ ...hello, fails: 'ECONNRESET' }], error: ['UNREACHABLE'] },
  ]

  test.each(rows)('$label', async row => {
    const sending = aSending(row.message ?? { text: 'hello' }, CHAT)
    const outcome = await play(row, ({ desk, call }) => desk.sendToAgent(sending, call))
    if (row.error) expectError(outcome, ...row.error)
    else expect(outcome).toBeUndefined()
  })
})

describe('closeConversation', () => {
  const complete = (answer: unknown = OK): Step => ({
    ask: `POST ${PATH}`,
    sends: { operationName: 'Complete' },
    sendsHeaders: AS_CUSTOMER,
    answer,
  })

  const rows: Row[] = [
    { label: 'completes the chat', steps: [complete()] },
    { label: 'is content with one in another state', steps: [complete(failure(2))] },
    { label: 'is content with one that is not ours', steps: [complete(failure(5))] },
    { label: 'is content with an unknown one', steps: [complete(failure(6))] },
    { label: 'tries again when it fails', steps: [complete(failure(4))], error: ['UNREACHABLE'] },
    { label: 'tries again when it is down', steps: [{ ...complete(), status: 502 }], error: ['UNREACHABLE'] },
  ]

  test.each(rows)('$label', async row => {
    const outcome = await play(row, ({ desk, call }) => desk.closeConversation(aSession(CHAT), 'bot', call))
    if (row.error) expectError(outcome, ...row.error)
    else expect(outcome).toBeUndefined()
  })

  test('has nothing to close when the answer to the opening got lost', async () => {
    const { conversation: _, ...session } = aSession(CHAT)
    const scene = { label: '', steps: [] }
    expect(
      await play(scene, ({ desk, call }) => desk.closeConversation(session, 'failed', call)),
    ).toBeUndefined()
  })
})
