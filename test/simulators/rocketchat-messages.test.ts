import { expect, test } from 'vitest'
import type { Rocketchat } from '../../simulators/rocketchat/index.ts'
import {
  type Case,
  check,
  closed,
  coded,
  ofEva,
  ok,
  plain,
  profile,
  registered,
  spoken,
} from './rocketchat-cases.ts'
import { call, type Json, openRoom, profiles, startWorkspace } from './rocketchat-kit.ts'

const hello = { ...ofEva, msg: 'hello' }
const messageCases: Case[] = [
  {
    what: 'a message',
    before: openRoom,
    call: ['POST', 'message', { ...hello, _id: 'own-id' }],
    answers: ok({
      message: { _id: 'own-id', rid: '{rid}', msg: 'hello', token: 'eva', alias: 'Eva', urls: [] },
    }),
  },
  {
    what: 'an empty message',
    before: openRoom,
    call: ['POST', 'message', { ...ofEva, msg: '' }],
    answers: ok({ message: { msg: '' } }),
  },
  {
    what: 'a number as a message',
    before: openRoom,
    call: ['POST', 'message', { ...ofEva, msg: 5 }],
    answers: ok({ message: { msg: '5' } }),
  },
  {
    what: 'a number as a message in 4.4',
    on: profile('4.4'),
    before: openRoom,
    call: ['POST', 'message', { ...ofEva, msg: 5 }],
    answers: [400, { message: 'Match error: Expected string in field msg', success: false }],
  },
  {
    what: 'a message without a text',
    before: openRoom,
    call: ['POST', 'message', ofEva],
    answers: coded("must have required property 'msg' [invalid-params]", 'invalid-params'),
  },
  {
    what: 'a message without a text in 4.4',
    on: profile('4.4'),
    before: openRoom,
    call: ['POST', 'message', ofEva],
    answers: [400, { message: "Match error: Missing key 'msg'", errorType: 'Match.Error', success: false }],
  },
  {
    what: 'a message with a stray key',
    before: openRoom,
    call: ['POST', 'message', { ...hello, x: 1 }],
    answers: coded('must NOT have additional properties [invalid-params]', 'invalid-params'),
  },
  {
    what: 'a message of an unknown visitor',
    before: openRoom,
    call: ['POST', 'message', { ...hello, token: 'x' }],
    answers: plain('invalid-token'),
  },
  {
    what: 'a message of an unknown visitor in 4.4',
    on: profile('4.4'),
    before: openRoom,
    call: ['POST', 'message', { ...hello, token: 'x' }],
    answers: [
      400,
      { error: 'invalid-token', message: '[invalid-token]', errorType: 'Meteor.Error', success: false },
    ],
  },
  {
    what: "a message to another visitor's room",
    before: roomOfAnother,
    call: ['POST', 'message', hello],
    answers: plain('invalid-room'),
  },
  {
    what: 'a message to a closed room',
    before: closed,
    call: ['POST', 'message', hello],
    answers: plain('room-closed'),
  },
  {
    what: 'a message that is too long',
    on: { settings: { Livechat_enable_message_character_limit: true, Livechat_message_character_limit: 4 } },
    before: openRoom,
    call: ['POST', 'message', hello],
    answers: plain('message-length-exceeds-character-limit'),
  },
  {
    what: 'a message read back',
    before: spoken,
    call: ['GET', 'message/first?token=eva&rid={rid}'],
    answers: ok({ message: { _id: 'first', msg: 'hello' } }),
  },
  {
    what: 'an unknown message',
    before: openRoom,
    call: ['GET', 'message/first?token=eva&rid={rid}'],
    answers: plain('invalid-message'),
  },
  {
    what: 'an edit',
    before: spoken,
    call: ['PUT', 'message/first', { ...ofEva, msg: 'bye' }],
    answers: ok({ message: { _id: 'first', msg: 'bye' } }),
  },
  {
    what: 'an edit that is not allowed',
    on: { settings: { Message_AllowEditing: false } },
    before: spoken,
    call: ['PUT', 'message/first', { ...ofEva, msg: 'bye' }],
    answers: [400, { errorType: 'error-action-not-allowed' }],
  },
  {
    what: 'a removal',
    before: spoken,
    call: ['DELETE', 'message/first', ofEva],
    answers: ok({ message: { _id: 'first' } }),
  },
  {
    what: 'the history, newest first',
    before: spoken,
    call: ['GET', 'messages.history/{rid}?token=eva&limit=1'],
    answers: ok({ messages: [{ _id: 'first' }] }),
  },
  {
    what: 'the history, further back',
    before: spoken,
    call: ['GET', 'messages.history/{rid}?token=eva&offset=1&limit=1'],
    answers: ok({ messages: [{ t: 'command' }] }),
  },
  {
    what: 'the history of a closed room in 4.4',
    on: profile('4.4'),
    before: closed,
    call: ['GET', 'messages.history/{rid}?token=eva&limit=1'],
    answers: ok({ messages: [{ t: 'livechat-close' }] }),
  },
  {
    what: 'a limit that is no number',
    before: openRoom,
    call: ['GET', 'messages.history/{rid}?token=eva&limit=x'],
    answers: coded('must be number [invalid-params]', 'invalid-params'),
  },
]

async function roomOfAnother(rocketchat: Rocketchat): Promise<string> {
  await registered(rocketchat)
  return openRoom(rocketchat, 'another')
}

const repeats: Record<(typeof profiles)[number], [number, Json]> = {
  '4.4': [400, { success: false }],
  '6.4': plain('Cannot convert undefined or null to object'),
  '6.14': plain('Cannot convert undefined or null to object'),
  '7.11': plain('Cannot convert undefined or null to object'),
  '8.8': ok({ message: { _id: 'first', msg: 'hello' } }),
}

test.each(profiles)('%s never stores the same _id twice', async name => {
  const rocketchat = await startWorkspace({ profile: name })
  const rid = await spoken(rocketchat)
  const answer = await call(rocketchat, 'POST', 'message', { rid, token: 'eva', msg: 'again', _id: 'first' })
  const [status, body] = repeats[name]
  expect(answer).toMatchObject({ status, body })
  expect(rocketchat.state.messages.get('first')?.msg).toBe('hello')
  expect(rocketchat.state.counts.visitorMessages).toBe(1)
})

test.each(messageCases)('$what', check)
