import { pino } from 'pino'
import { expect, test } from 'vitest'
import { chatServer } from '../../../src/desks/chat-server/index.ts'
import type { Line } from '../../../src/desks/chat-server/line.ts'
import { createRoom } from '../../../src/desks/chat-server/room.ts'
import { conversationInfo } from '../../../src/desks/chat-server/wire.ts'
import { until } from '../../support/until.ts'
import { aCall, aRequest, CONNECTOR, expectError, outcomeOf, toSession } from './support.ts'

const SEAT = { conversation: 'c-1', participant: 'p-1', name: 'Ana', refId: 'r-1' }
const { conversation, ...state } = SEAT
const SESSION = { ...toSession(aRequest()), conversation: { id: conversation, state } }
const PLACE = { conversationId: 'c-1', to: [], attachments: [] }
const byAgent = (text: string) => ({ type: 'ChatMessage', ...PLACE, from: { id: 'a-1' }, text, id: text })
const END = { type: 'ActivityMessage', ...PLACE, activityType: 'endOfConversation', id: 'end' }

type Said = { event: string; payload: unknown; ack?: (answer: unknown[]) => void }

/** A room on a line that is played by the test: what the server would say, and when. */
function setUp(given: Record<string, unknown> = {}) {
  const said: Said[] = []
  const told: string[] = []
  const closing = new AbortController()
  const line: Line = {
    closed: closing.signal,
    emit: (event, payload, ack) => void said.push({ event, payload, ...(ack && { ack }) }),
  }
  const settings = chatServer.settings.parse({ url: 'http://127.0.0.1:9', connector: CONNECTOR, ...given })
  const passOn = async (_: unknown, event: { type: string; message?: { text: string } }) =>
    void told.push(event.message?.text ?? event.type)
  const room = createRoom({ settings, log: pino({ level: 'silent' }), passOn }, SEAT)
  const hearInfo = (...messages: unknown[]) =>
    room.hearInfo(conversationInfo.parse({ conversation: { id: 'c-1' }, messages, participant: [] }))
  const acknowledge = (event: string, ...answer: unknown[]) =>
    said.findLast(one => one.event === event)?.ack?.(answer)
  room.connect(line)
  room.bind(SESSION, undefined)
  return {
    room,
    said,
    told,
    line,
    closing,
    hearInfo,
    acknowledge,
    words: () => said.map(({ event }) => event),
  }
}

test('nothing is said before we are in, whatever the server is slow with', async () => {
  const { room, words, acknowledge } = setUp()
  const sending = room.send({ id: 'm1' }, aCall())
  await Promise.resolve()
  expect(words()).toEqual(['joinConversation'])
  acknowledge('joinConversation', { status: 'ok' })
  await until('it is said', () => words().includes('sendMessage'))
  acknowledge('sendMessage', { status: 'ok' })
  await sending
})

test('a message is tried again only once the history has come, and not if it is in it', async () => {
  const { room, words, acknowledge, hearInfo } = setUp()
  acknowledge('joinConversation', { status: 'ok' })
  const again = room.send({ id: 'm1' }, aCall(2))
  const other = room.send({ id: 'm2' }, aCall(2))
  await new Promise(resolve => setImmediate(resolve))
  expect(words()).toEqual(['joinConversation'])
  hearInfo({ type: 'ChatMessage', ...PLACE, from: { id: 'p-1' }, text: 'mine', id: 'm1' })
  await again
  await until('the other is said', () => words().includes('sendMessage'))
  acknowledge('sendMessage')
  await other
  expect(words()).toEqual(['joinConversation', 'sendMessage'])
})

test('an end that is heard before the history waits for it', async () => {
  const { room, told, hearInfo } = setUp()
  room.hearMessage(END)
  expect(room.isOver()).toBe(true)
  hearInfo(byAgent('goodbye'))
  await until('both are told', () => told.length === 2)
  expect(told).toEqual(['goodbye', 'closed'])
  expectError(await outcomeOf(room.send({ id: 'm1' }, aCall())), 'CONVERSATION_GONE')
})

test('what is sent when the connection breaks is not known to have arrived', async () => {
  const { room, closing, hearInfo, words } = setUp()
  hearInfo()
  const sending = outcomeOf(room.send({ id: 'm1' }, aCall()))
  await until('it is said', () => words().includes('sendMessage'))
  closing.abort()
  expectError(await sending, 'UNREACHABLE', 'broke')
})

test('what a third party says is no sign that we have joined', async () => {
  const { room, words } = setUp()
  room.hearCampaign({ ...byAgent('sale!'), conversationId: undefined })
  const impatient = aCall(1, AbortSignal.timeout(50))
  expectError(await outcomeOf(room.send({ id: 'm1' }, impatient)), 'UNREACHABLE')
  expect(words()).toEqual(['joinConversation'])
})

test('a hand-off that finds nobody is refused where that is wanted', async () => {
  const { room, said, hearInfo } = setUp({ no_agent: 'refuse', end_timeout_ms: 50 })
  const joining = outcomeOf(room.join(aCall()))
  hearInfo()
  const doing = (activityType: string) => ({ ...END, activityType, id: activityType })
  room.hearMessage(doing('handOff'))
  await new Promise(resolve => setImmediate(resolve))
  room.hearMessage(doing('noAgentAvailable'))
  expectError(await joining, 'NO_AGENT')
  expect(said.at(-1)).toMatchObject({ event: 'endConversation', payload: { conversationId: 'c-1' } })
})
