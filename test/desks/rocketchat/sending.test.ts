import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  aSending,
  expectError,
  MESSAGE_ID,
  nock,
  play,
  type Scene,
  type Step,
  setStage,
  UUID,
} from './support.ts'

const TEXT = 'the secret of Ana'
const says: Step = {
  ask: 'POST livechat/message',
  sends: { token: UUID, rid: 'room1', _id: MESSAGE_ID, msg: TEXT },
  answer: { message: { _id: MESSAGE_ID, rid: 'room1', msg: TEXT }, success: true },
}
const confirm = (answer: unknown, status = 200): Step => ({
  ask: `GET livechat/message/${MESSAGE_ID}?rid=room1&token=${UUID}`,
  status,
  answer,
})
const stored = confirm({ message: { _id: MESSAGE_ID, rid: 'room1' }, success: true })
const notStored = confirm({ success: false, error: '[invalid-message]', errorType: 'invalid-message' }, 400)
const refused = (error: unknown): Step => ({ ...says, status: 400, answer: error })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & { error?: [string, ...string[]] }

const rows: Row[] = [
  { label: 'is taken', steps: [says] },
  { label: 'is a repeat for 8.x, which says 200', attempt: 2, steps: [says] },
  {
    label: 'is a repeat for 6.3 to 7.x',
    attempt: 2,
    steps: [refused({ success: false, error: 'Cannot convert undefined or null to object' }), stored],
  },
  { label: 'is a repeat for 4.x to 6.2', attempt: 2, steps: [refused({ success: false }), stored] },
  {
    label: 'is a repeat we know nothing of',
    steps: [refused({ success: false, error: 'Cannot convert undefined or null to object' }), stored],
  },
  {
    label: 'is refused without a reason, and is not there',
    steps: [refused({ success: false }), notStored],
    error: ['REJECTED'],
  },
  {
    label: 'is there, in another room',
    steps: [refused({ success: false }), confirm({ message: { rid: 'room2' } })],
    error: ['REJECTED'],
  },
  {
    label: 'cannot be confirmed now',
    steps: [refused({ success: false }), confirm('Server error.', 500)],
    error: ['UNREACHABLE'],
  },
  {
    label: 'arrived before the room was closed',
    attempt: 2,
    steps: [refused({ success: false, error: 'room-closed' }), stored],
  },
  {
    label: 'comes too late for the room, at the second try',
    attempt: 2,
    steps: [refused({ success: false, error: 'room-closed' }), notStored],
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'comes too late, 5.2 and later',
    steps: [refused({ success: false, error: 'room-closed' })],
    error: ['CONVERSATION_GONE', 'room-closed'],
  },
  {
    label: 'comes too late, 4.x',
    steps: [
      refused({ error: 'room-closed', message: 'room-closed', errorType: 'Meteor.Error', success: false }),
    ],
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'is for a room that is not there',
    steps: [refused({ success: false, error: '[invalid-room]', errorType: 'invalid-room' })],
    error: ['CONVERSATION_GONE'],
  },
  {
    label: 'lands in another room',
    steps: [{ ...says, answer: { message: { rid: 'room2' } } }],
    error: ['CONVERSATION_GONE', 'another room'],
  },
  {
    label: 'comes over a blocked channel',
    steps: [refused({ success: false, error: 'error-contact-channel-blocked' })],
    error: ['REJECTED', 'error-contact-channel-blocked'],
  },
  { label: 'is lost on the way', steps: [{ ...says, fails: 'ECONNRESET' }], error: ['UNREACHABLE'] },
  {
    label: 'is sent without the right credentials',
    steps: [{ ...says, status: 401 }],
    error: ['MISCONFIGURED'],
  },
  {
    label: 'is over the limit',
    steps: [{ ...says, status: 429, answer: {} }],
    error: ['THROTTLED'],
  },
  {
    label: 'meets a proxy',
    steps: [{ ...says, status: 502, answer: '<html>' }],
    error: ['UNREACHABLE'],
  },
  { label: 'gets half an answer', steps: [{ ...says, answer: '{"message":' }], error: ['UNEXPECTED'] },
]

const part = (number: number, msg: string): Step => ({
  ...says,
  sends: { token: UUID, rid: 'room1', _id: `${MESSAGE_ID}p${number}`, msg },
})
const tooLong = refused({
  success: false,
  error: '[message-length-exceeds-character-limit]',
  errorType: 'message-length-exceeds-character-limit',
})
const limit = (limitTextLength: unknown): Step => ({
  ask: `GET livechat/config?token=${UUID}`,
  answer: { config: { enabled: true, settings: { limitTextLength } }, success: true },
})

const lengths: Row[] = [
  {
    label: 'goes in parts where the server limits its length',
    steps: [tooLong, limit(8), part(1, 'the '), part(2, 'secret '), part(3, 'of Ana')],
  },
  {
    label: 'goes in parts again when one of them failed',
    attempt: 2,
    steps: [tooLong, notStored, limit(11), part(1, 'the secret '), part(2, 'of Ana')],
  },
  {
    label: 'is refused where the limit is not told',
    steps: [tooLong, limit(false)],
    error: ['REJECTED', 'message-length-exceeds-character-limit'],
  },
  {
    label: 'is refused where it would make more parts than a minute allows',
    steps: [tooLong, limit(1)],
    error: ['REJECTED'],
  },
]

describe('a text', () => {
  test.each([...rows, ...lengths])('$label', async row => {
    const outcome = await play(row, ({ desk, call }) => desk.sendToAgent(aSending({ text: TEXT }), call))
    if (!row.error) return expect(outcome).toBeUndefined()
    expectError(outcome, ...row.error)
    expect((outcome as Error).message).not.toContain(TEXT)
  })

  test('goes under the token the visitor really has', async () => {
    const sends = { token: 'older-token', rid: 'room1', _id: MESSAGE_ID, msg: TEXT }
    const sending = aSending({ text: TEXT }, { state: { token: 'older-token' } })
    await play({ label: '', steps: [{ ...says, sends }] }, ({ desk, call }) =>
      desk.sendToAgent(sending, call),
    )
  })

  test('is not sent after the call was given up', async () => {
    const { desk, call } = setStage()
    const given = { ...call, signal: AbortSignal.abort(new DOMException('over', 'TimeoutError')) }
    await expect(desk.sendToAgent(aSending({ text: TEXT }), given)).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('is paced at ten a minute', async () => {
    nock('https://chat.example.org')
      .post('/api/v1/livechat/message')
      .times(11)
      .reply(200, says.answer as nock.Body)
    const { desk, call } = setStage()
    for (let sent = 0; sent < 10; sent++) await desk.sendToAgent(aSending({ text: TEXT }), call)
    const eleventh = desk.sendToAgent(aSending({ text: TEXT }), call)
    await expect(eleventh).rejects.toMatchObject({ code: 'THROTTLED' })
  })
})

test('a message goes in pieces: its text, then each file', () => {
  const first = { contentType: 'image/jpeg', url: 'https://media.example.org/1.jpg' }
  const second = { contentType: 'image/jpeg', url: 'https://media.example.org/2.jpg' }
  const { desk } = setStage()
  expect(desk.pieces?.({ text: 'look', attachments: [first, second] })).toEqual([
    { text: 'look', attachments: [] },
    { text: '', attachments: [first] },
    { text: '', attachments: [second] },
  ])
  expect(desk.pieces?.({ text: '', attachments: [first] })).toEqual([{ text: '', attachments: [first] }])
})
