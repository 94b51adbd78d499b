import { test } from 'vitest'
import {
  anonymous,
  type Case,
  check,
  closed,
  coded,
  noAgent,
  ofEva,
  ok,
  plain,
  profile,
  registered,
} from './rocketchat-cases.ts'
import { bot, call, openRoom } from './rocketchat-kit.ts'

const roomCases: Case[] = [
  {
    what: 'a room found again',
    before: openRoom,
    call: ['GET', 'room?token=eva'],
    answers: ok({
      newRoom: false,
      room: { _id: '{rid}', open: true, source: { type: 'api' }, servedBy: { username: 'ana' } },
    }),
  },
  {
    what: 'a room by its id',
    before: openRoom,
    call: ['GET', 'room?token=eva&rid={rid}'],
    answers: ok({ newRoom: false }),
  },
  {
    what: 'a closed room by its id',
    before: closed,
    call: ['GET', 'room?token=eva&rid={rid}'],
    answers: plain('invalid-room'),
  },
  {
    what: 'a new room after a closed one',
    before: closed,
    call: ['GET', 'room?token=eva'],
    answers: ok({ newRoom: true }),
  },
  { what: 'a room for nobody', call: ['GET', 'room?token=nobody'], answers: plain('invalid-token') },
  {
    what: 'a room without a token',
    call: ['GET', 'room'],
    answers: plain("Match error: Missing key 'token'"),
  },
  {
    what: 'a room with a stray key',
    before: openRoom,
    call: ['GET', 'room?token=eva&x=1'],
    answers: plain('Match error: Unknown key in field x'),
  },
  {
    what: 'a room with nobody online',
    on: noAgent,
    before: registered,
    call: ['GET', 'room?token=eva'],
    answers: coded('Sorry, no online agents [no-agent-online]', 'no-agent-online'),
  },
  {
    what: 'a room with nobody online in 4.4',
    on: { ...noAgent, profile: '4.4' },
    before: registered,
    call: ['GET', 'room?token=eva'],
    answers: [
      400,
      {
        isClientSafe: true,
        error: 'no-agent-online',
        reason: 'Sorry, no online agents',
        message: 'Sorry, no online agents [no-agent-online]',
        errorType: 'Meteor.Error',
        success: false,
      },
    ],
  },
  {
    what: 'a room that waits',
    on: { ...noAgent, settings: { Livechat_accept_chats_with_no_agents: true } },
    before: registered,
    call: ['GET', 'room?token=eva'],
    answers: ok({ newRoom: true, room: { usersCount: 1 } }),
  },
  {
    what: 'omnichannel off',
    on: { settings: { Livechat_enabled: false } },
    before: registered,
    call: ['GET', 'room?token=eva'],
    answers: coded('[error-omnichannel-is-disabled]', 'error-omnichannel-is-disabled'),
  },
  {
    what: 'a close',
    before: openRoom,
    call: ['POST', 'room.close', ofEva],
    answers: ok({ rid: '{rid}', comment: 'Closed by visitor' }),
  },
  {
    what: 'a close with a comment',
    before: openRoom,
    call: ['POST', 'room.close', { ...ofEva, comment: 'x' }],
    answers: coded('must NOT have additional properties [invalid-params]', 'invalid-params'),
  },
  {
    what: 'a second close',
    before: closed,
    call: ['POST', 'room.close', ofEva],
    answers: plain('room-closed'),
  },
  {
    what: 'a close that is not allowed',
    on: { settings: { Omnichannel_allow_visitors_to_close_conversation: false } },
    before: openRoom,
    call: ['POST', 'room.close', ofEva],
    answers: plain('error-not-allowed-to-close-conversation'),
  },
  {
    what: 'a close before visitors could be kept from it',
    on: { profile: '6.4', settings: { Omnichannel_allow_visitors_to_close_conversation: false } },
    before: openRoom,
    call: ['POST', 'room.close', ofEva],
    answers: ok({}),
  },
  {
    what: 'a close where tags are demanded',
    on: { departments: [{ name: 'A', agents: ['ana'], requestTagBeforeClosingChat: true }] },
    before: openRoom,
    call: ['POST', 'room.close', ofEva],
    answers: [400, { errorType: 'error-tags-must-be-assigned-before-closing-chat' }],
  },
  {
    what: 'the old transfer route in 7',
    on: profile('7.11'),
    before: openRoom,
    call: ['POST', 'room.transfer', { ...ofEva, department: 'Support' }],
    answers: plain('error-invalid-department'),
  },
  {
    what: 'the new transfer route in 8',
    before: openRoom,
    call: ['POST', 'visitor/department.transfer', { ...ofEva, department: 'Support' }],
    answers: plain('error-invalid-department'),
  },
  {
    what: 'a typed route without a code',
    call: ['POST', 'visitor/department.transfer', { rid: 'x', token: 'eva' }],
    answers: [400, { success: false, error: "must have required property 'department'" }],
  },
  {
    what: 'a close by a user',
    before: openRoom,
    call: ['POST', 'room.closeByUser', { rid: '{rid}', comment: 'bye' }, bot],
    answers: ok({}),
  },
  {
    what: 'a close by a user without a comment',
    before: openRoom,
    call: ['POST', 'room.closeByUser', { rid: '{rid}' }, bot],
    answers: [400, { errorType: 'error-comment-is-required' }],
  },
  {
    what: 'a close by nobody',
    before: openRoom,
    call: ['POST', 'room.closeByUser', { rid: '{rid}' }],
    answers: anonymous,
  },
  {
    what: 'a room in a disabled department',
    on: { departments: [{ name: 'Old', enabled: false, agents: ['ana'] }] },
    before: async rocketchat => {
      await call(rocketchat, 'POST', 'visitor', { visitor: { token: 'eva', department: 'Old' } })
      return ''
    },
    call: ['GET', 'room?token=eva'],
    answers: coded('Sorry, no online agents [no-agent-online]', 'no-agent-online'),
  },
  {
    what: 'a room of a visitor without a department',
    on: {
      departments: [
        { name: 'Hidden', showOnRegistration: false, agents: ['ana'] },
        { _id: 'shown', name: 'Shown', agents: ['luis'] },
      ],
    },
    before: registered,
    call: ['GET', 'room?token=eva'],
    answers: ok({ room: { departmentId: 'shown', servedBy: { username: 'luis' } } }),
  },
]

test.each(roomCases)('$what', check)
