import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../../src/domain/message.ts'
import type { Session } from '../../../src/domain/session.ts'
import { aSending, expectError, NOW, nock, play, ROOM, type Scene, type Step, setStage } from './support.ts'

const PATH = `${ROOM}/client/message`
const says = (action: string, value: string): Step => ({
  path: PATH,
  sends: { message: [{ action, value, source: 'user' }] },
  status: 204,
})
const file = (contentType: string, url = 'https://media.example.org/1') => ({ contentType, url })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & { message: Partial<Message> }

const words: Row[] = [
  { label: 'a text', message: { text: '“Hola” 👋\n_x_' }, steps: [says('text', '“Hola” 👋\n_x_')] },
  {
    label: 'a picture',
    message: { attachments: [file('image/jpeg')] },
    steps: [says('image', 'https://media.example.org/1')],
  },
  {
    label: 'a picture of a bare kind',
    message: { attachments: [file('image')] },
    steps: [says('image', 'https://media.example.org/1')],
  },
  ...['audio/ogg', 'video/mp4', 'application/pdf', 'imagery/x', ''].map(type => ({
    label: `a file of type "${type}"`,
    message: { attachments: [file(type)] },
    steps: [says('file', 'https://media.example.org/1')],
  })),
  {
    label: 'a place, as words',
    message: { attachments: [file('geo', 'geo:14.6,-90.5')] },
    steps: [
      says('text', 'geo:14.6,-90.5\nhttps://www.openstreetmap.org/?mlat=14.6&mlon=-90.5#map=16/14.6/-90.5'),
    ],
  },
  {
    label: 'an address that is none, as words',
    message: { attachments: [{ ...file('image/png', 'cid:1'), name: 'a.png' }] },
    steps: [says('text', 'a.png: cid:1')],
  },
  {
    label: 'all of a message, item by item',
    message: { text: 'look', attachments: [file('image/png'), file('audio/ogg', 'https://m.example.org/2')] },
    steps: [
      says('text', 'look'),
      says('image', 'https://media.example.org/1'),
      says('file', 'https://m.example.org/2'),
    ],
  },
]

type Refused = { label: string; step: Partial<Step>; state?: Session['state']; error: [string, ...string[]] }

const json = (status: number, answer: unknown): Partial<Step> => ({ status, answer })

const refusals: Refused[] = [
  { label: 'an unknown conversation', step: json(404, {}), error: ['CONVERSATION_GONE', '404'] },
  { label: 'one that is gone', step: json(410, ''), error: ['CONVERSATION_GONE'] },
  {
    label: 'a closed one, 409',
    step: json(409, { error: 'the conversation is closed' }),
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'a closed one, as a code',
    step: json(400, { code: 'CONVERSATION_CLOSED' }),
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'a closed one, further in',
    step: json(400, { error: { message: 'Chat ended' } }),
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'a closed one, in a list',
    step: json(400, { errors: ['roomClosed'] }),
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'a closed one, in Spanish',
    step: json(409, { message: 'Conversación finalizada' }),
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'a closed one, while it waits for an agent',
    step: json(409, { status: 'closed' }),
    state: 'queued',
    error: ['CONVERSATION_GONE'],
  },
  { label: 'a 400 without a word', step: json(400, ''), error: ['REJECTED', '400'] },
  { label: 'one not attended, we hear', step: json(409, { error: 'not attended' }), error: ['REJECTED'] },
  {
    label: 'our own words given back',
    step: json(400, { error: 'bad value: the clinic was closed' }),
    error: ['REJECTED'],
  },
  { label: 'a word in another key', step: json(400, { input: 'closed' }), error: ['REJECTED'] },
  { label: 'an unclosed string', step: json(400, { error: 'unclosed string' }), error: ['REJECTED'] },
  {
    label: 'a body too deep',
    step: json(400, { error: { error: { error: { error: 'closed' } } } }),
    error: ['REJECTED'],
  },
  { label: 'what is too large', step: json(413, {}), state: 'queued', error: ['REJECTED', '413'] },
  { label: 'a 422', step: json(422, { error: 'closed' }), error: ['REJECTED'] },
  { label: 'a move', step: { status: 302 }, error: ['MISCONFIGURED', 'check url'] },
  { label: 'no credentials', step: { status: 401 }, error: ['MISCONFIGURED'] },
  { label: 'a limit', step: { status: 429 }, error: ['THROTTLED'] },
  { label: 'a crash', step: { status: 503, answer: '<html>' }, error: ['UNREACHABLE'] },
  { label: 'a lost answer', step: { fails: 'ECONNRESET' }, error: ['UNREACHABLE'] },
]

const TEXT = 'the clinic was closed'

describe('sendToAgent', () => {
  test.each(words)('says $label', async row => {
    const outcome = await play(row, ({ desk, call }) => desk.sendToAgent(aSending(row.message), call))
    expect(outcome).toBeUndefined()
  })

  test.each(refusals)('is refused by $label', async ({ label, step, state = 'assigned', error }) => {
    const steps = [{ ...says('text', TEXT), ...step }]
    const outcome = await play({ label, steps }, ({ desk, call }) =>
      desk.sendToAgent(aSending({ text: TEXT }, { state }), call),
    )
    expectError(outcome, ...error)
    expect((outcome as Error).message).not.toContain('clinic')
  })

  test.each([400, 409, 425])('keeps what is refused with %i until an agent attends', async status => {
    const steps = [{ ...says('text', 'hi'), status, answer: { error: 'not attended yet' } }]
    const outcome = await play({ label: '', steps }, ({ desk, call }) =>
      desk.sendToAgent(aSending({ text: 'hi' }, { state: 'queued' }), call),
    )
    expect(outcome).toMatchObject({ code: 'THROTTLED', retryAt: NOW + 10_000, transient: true })
  })

  test('writes an odd id into the path as it must be', async () => {
    const steps = [{ ...says('text', 'hi'), path: 'a%2Fb%3Fc/client/message' }]
    const conversation = { id: 'a/b?c', state: null }
    const outcome = await play({ label: '', steps }, ({ desk, call }) =>
      desk.sendToAgent(aSending({ text: 'hi' }, { conversation }), call),
    )
    expect(outcome).toBeUndefined()
  })

  test('is cut into the pieces it is sent in', () => {
    const picture = file('image/jpeg')
    expect(setStage().desk.pieces?.({ text: 'look', attachments: [picture] })).toEqual([
      { text: 'look', attachments: [] },
      { text: '', attachments: [picture] },
    ])
  })
})
