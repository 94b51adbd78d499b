import { pino } from 'pino'
import { expect, test } from 'vitest'
import { chatServer } from '../../../src/desks/chat-server/index.ts'
import { createRooms } from '../../../src/desks/chat-server/rooms.ts'
import { aRequest, CONNECTOR, toSession } from './support.ts'

const SEAT = { conversation: 'c-1', participant: 'p-1', name: 'Ana', refId: 'r-1' }
const { conversation, ...state } = SEAT
const FOLLOWED = { session: { ...toSession(aRequest()), conversation: { id: conversation, state } } }
const AGENT_SAYS = { type: 'ChatMessage', conversationId: 'c-1', from: { id: 'a' }, text: 'hi' }

function setUp() {
  const time = { now: 0 }
  const told: string[] = []
  const settings = chatServer.settings.parse({ url: 'http://127.0.0.1:9', connector: CONNECTOR })
  const rooms = createRooms({
    settings,
    log: pino({ level: 'silent' }),
    clock: { now: () => time.now },
    passOn: async (_session, { type }) => void told.push(type),
  })
  return { rooms, time, told }
}

test('what was heard for nobody is kept for a minute, and then forgotten', async () => {
  const { rooms, time } = setUp()
  rooms.at(SEAT)
  rooms.hearMessage(AGENT_SAYS)
  time.now = 60_000
  rooms.follow([])
  expect([rooms.find(SEAT)?.isBound(), rooms.areWaiting()]).toEqual([false, true])
  time.now = 60_001
  rooms.follow([])
  expect([rooms.find(SEAT), rooms.areWaiting()]).toEqual([undefined, false])
})

test('a live session is kept, and what was heard for it is passed on', async () => {
  const { rooms, time, told } = setUp()
  rooms.at(SEAT)
  rooms.hearMessage(AGENT_SAYS)
  for (time.now = 0; time.now < 300_000; time.now += 30_000) rooms.follow([FOLLOWED])
  expect(rooms.find(SEAT)?.isBound()).toBe(true)
  expect(told).toEqual(['message'])
})

test('the conversation of another desk is left alone', () => {
  const { rooms } = setUp()
  rooms.follow([{ session: { ...FOLLOWED.session, conversation: { id: 'room1', state: null } } }])
  expect(rooms.find({ ...SEAT, conversation: 'room1' })).toBeUndefined()
})
