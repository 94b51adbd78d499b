import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Session } from '../../../src/domain/session.ts'
import {
  aSession,
  expectError,
  nock,
  play,
  type Scene,
  type Step,
  UUID,
  withoutConversation,
} from './support.ts'

const BOT = { user_id: 'bot-id', auth_token: 'bot-token' }
const close: Step = {
  ask: 'POST livechat/room.close',
  sends: { rid: 'room1', token: UUID },
  answer: { rid: 'room1', comment: 'Closed by visitor', success: true },
}
const refused = (code: string): Step => ({
  ...close,
  status: 400,
  answer: { success: false, error: `[${code}]`, errorType: code },
})
const asUser: Step = {
  ask: 'POST livechat/room.closeByUser',
  sends: { rid: 'room1', comment: 'Closed from the client’s side' },
  sendsHeaders: { 'x-user-id': 'bot-id', 'x-auth-token': 'bot-token' },
  answer: { success: true },
}
const config = (room: unknown): Step => ({
  ask: `GET livechat/config?token=${UUID}`,
  answer: { config: { enabled: true, room }, success: true },
})

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & { session?: Session; error?: [string, ...string[]] }

const rows: Row[] = [
  { label: 'closes as the visitor', steps: [close] },
  {
    label: 'closes under the token the visitor really has',
    session: aSession({ state: { token: 'older-token' } }),
    steps: [{ ...close, sends: { rid: 'room1', token: 'older-token' } }],
  },
  { label: 'is content with a room closed before', steps: [refused('room-closed')] },
  { label: 'is content with an unknown room', steps: [refused('invalid-room')] },
  { label: 'is content with an unknown visitor', steps: [refused('invalid-token')] },
  {
    label: 'is content with a room closed before, 4.x',
    steps: [
      {
        ...close,
        status: 400,
        answer: { error: 'room-closed', errorType: 'Meteor.Error', success: false },
      },
    ],
  },
  {
    label: 'tries again when told to',
    steps: [refused('error-room-cannot-be-closed-try-again')],
    error: ['UNREACHABLE'],
  },
  {
    label: 'tries again without a reason, 4.x',
    steps: [{ ...close, status: 400, answer: { success: false } }],
    error: ['UNREACHABLE'],
  },
  { label: 'tries again after a crash', steps: [{ ...close, status: 500 }], error: ['UNREACHABLE'] },
  {
    label: 'says what to do where visitors may not close',
    steps: [refused('error-not-allowed-to-close-conversation')],
    error: ['REJECTED', 'bot user'],
  },
  {
    label: 'says what to do where tags are demanded',
    steps: [refused('error-tags-must-be-assigned-before-closing-chat')],
    error: ['REJECTED', 'tags'],
  },
  {
    label: 'closes as the bot user where visitors may not',
    settings: BOT,
    steps: [refused('error-not-allowed-to-close-conversation'), asUser],
  },
  {
    label: 'closes as the bot user where tags are demanded',
    settings: BOT,
    steps: [refused('error-tags-must-be-assigned-before-closing-chat'), asUser],
  },
  {
    label: 'is content when somebody was faster than the bot user',
    settings: BOT,
    steps: [
      refused('error-not-allowed-to-close-conversation'),
      { ...asUser, status: 400, answer: { success: false, error: 'error-room-already-closed' } },
    ],
  },
  {
    label: 'names the missing permission of the bot user',
    settings: BOT,
    steps: [
      refused('error-not-allowed-to-close-conversation'),
      { ...asUser, status: 400, answer: { success: false, error: '[error-not-authorized]' } },
    ],
    error: ['MISCONFIGURED', 'close-livechat-room'],
  },
  {
    label: 'names the missing permission of the bot user, by status',
    settings: BOT,
    steps: [
      refused('error-not-allowed-to-close-conversation'),
      {
        ...asUser,
        status: 403,
        answer: { success: false, error: 'User does not have the permissions [error-unauthorized]' },
      },
    ],
    error: ['MISCONFIGURED', 'error-unauthorized'],
  },
  {
    label: 'finds the room of an opening whose answer was lost',
    session: withoutConversation(),
    steps: [config({ _id: 'room1', open: true }), close],
  },
  {
    label: 'has nothing to do where no room came to be',
    session: withoutConversation(),
    steps: [config(undefined)],
  },
  {
    label: 'has nothing to do where Omnichannel is off',
    session: withoutConversation(),
    steps: [{ ...config(null), answer: { config: { enabled: false }, success: true } }],
  },
  {
    label: 'finds the room of a visitor known by phone',
    settings: { send_phone: true },
    session: withoutConversation(),
    steps: [
      {
        ask: 'POST livechat/visitor',
        sends: { visitor: { token: UUID, phone: '+50212345678', department: 'GTM_HIV_GENERAL' } },
        answer: { visitor: { token: 'older-token' } },
      },
      { ask: 'GET livechat/config?token=older-token', answer: { config: { room: { _id: 'room1' } } } },
      { ...close, sends: { rid: 'room1', token: 'older-token' } },
    ],
  },
]

test.each(rows)('closeConversation $label', async row => {
  const session = row.session ?? aSession()
  const outcome = await play(row, ({ desk, call }) => desk.closeConversation(session, 'bot', call))
  if (row.error) expectError(outcome, ...row.error)
  else expect(outcome).toBeUndefined()
})
