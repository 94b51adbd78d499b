import { afterEach, expect, test } from 'vitest'
import type { MediatorError } from '../../../src/domain/errors.ts'
import { until } from '../../support/until.ts'
import {
  aCall,
  expectError,
  openTalk,
  outcomeOf,
  type Replica,
  setStage,
  startReplica,
  strike,
  type Talk,
  textsOf,
  toSending,
} from './support.ts'

afterEach(strike)

type Stage = Awaited<ReturnType<typeof setStage>>

const hears = ({ book }: Pick<Replica, 'book'>, { session }: Talk, ...texts: string[]) =>
  until(`the client has heard ${texts}`, () => textsOf(book, session.id).length >= texts.length).then(() =>
    expect(textsOf(book, session.id)).toEqual(texts),
  )

const joinsOf = ({ server }: Stage, { id }: Talk) => server.conversationOf(id)?.joins ?? 0

const hasJoined = (stage: Stage, talk: Talk, times: number) =>
  until(`it has joined ${times} times`, () => joinsOf(stage, talk) >= times)

const BARE = { messageIds: false, timestamps: false }

test.each(['server', 'transport'] as const)(
  'comes back after the %s hangs up, and joins again',
  async kind => {
    const stage = await setStage()
    const talk = await openTalk(stage)
    stage.server.drop(kind)
    await hasJoined(stage, talk, 2)
    stage.server.say(talk.id, 'still there?')
    await hears(stage, talk, 'still there?')
    expect(stage.server.state.connectors.filter(({ isAccepted }) => isAccepted)).toHaveLength(2)
  },
)

test('joins before anything is said, and nothing is said early', async () => {
  const stage = await setStage()
  const talks = [await openTalk(stage), await openTalk(stage, { session: 'session-2' })]
  await stage.server.pause()
  await until('the link knows', () => stage.link.state === 'reconnecting')
  const sendings = talks.map(({ session }, index) =>
    stage.desk.sendToAgent(toSending(session, { text: 'hello' }, `message${index}`), aCall()),
  )
  await stage.server.resume()
  await Promise.all(sendings)
  const [last] = [...stage.server.state.connectors].slice(-1)
  const order = stage.server.state.events
    .filter(({ kind, socket }) => kind === 'received' && socket === last?.socket)
    .map(({ event }) => event)
  expect(order).toEqual([
    'registerConnector',
    'joinConversation',
    'joinConversation',
    'sendMessage',
    'sendMessage',
  ])
  expect(stage.server.state.lost).toEqual([])
})

test('is unreachable while the server is down, and forgets what it was asked to say', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  await stage.server.pause()
  await until('the link knows', () => stage.link.state === 'reconnecting')
  const impatient = aCall(1, AbortSignal.timeout(300))
  const sending = stage.desk.sendToAgent(toSending(talk.session, { text: 'hello' }), impatient)
  const began = Date.now()
  const refusal = await outcomeOf(sending)
  expectError(refusal, 'UNREACHABLE')
  expect((refusal as MediatorError).retryAt).toBeGreaterThan(began + 1_900)
  await stage.server.resume()
  await hasJoined(stage, talk, 2)
  stage.server.say(talk.id, 'nothing heard of you')
  await hears(stage, talk, 'nothing heard of you')
  expect(stage.server.said(talk.id).map(({ by }) => by)).toEqual(['agent'])
})

test('is unreachable until the conversation is joined again', async () => {
  const stage = await setStage({ settings: { join_timeout_ms: 2_000 } })
  const talk = await openTalk(stage)
  stage.server.settings.mutedJoins = 1
  stage.server.drop('transport')
  await until('it has reconnected', () => stage.server.state.connectors.length === 2)
  const impatient = aCall(1, AbortSignal.timeout(300))
  expectError(
    await outcomeOf(stage.desk.sendToAgent(toSending(talk.session, { text: 'a' }), impatient)),
    'UNREACHABLE',
  )
  await stage.desk.sendToAgent(toSending(talk.session, { text: 'b' }), aCall())
  expect(stage.server.said(talk.id).map(({ text }) => text)).toEqual(['b'])
})

test.each([
  ['with ids', {}],
  ['with times only', { messageIds: false }],
  ['with neither', BARE],
  ['with activities in the history', { replaysActivities: true }],
  ['with activities, and neither ids nor times', { ...BARE, replaysActivities: true }],
])('the history brings what was missed, and nothing twice, %s', async (_, settings) => {
  const stage = await setStage({ server: { settings } })
  const talk = await openTalk(stage)
  const { server } = stage
  server.say(talk.id, 'ok')
  await hears(stage, talk, 'ok')
  const before = stage.book.eventsOf(talk.session.id).length
  await server.pause()
  server.say(talk.id, 'ok')
  server.say(talk.id, 'for staff', { tag: 'whisper' })
  server.say(talk.id, 'there?')
  await server.resume()
  await hears(stage, talk, 'ok', 'ok', 'there?')
  server.say(talk.id, 'ok')
  await hears(stage, talk, 'ok', 'ok', 'there?', 'ok')
  server.drop('transport')
  await hasJoined(stage, talk, 3)
  server.say(talk.id, 'last')
  await hears(stage, talk, 'ok', 'ok', 'there?', 'ok', 'last')
  expect(stage.book.eventsOf(talk.session.id)).toHaveLength(before + 4)
})

test('an agent who came in meanwhile is seen, without activities in the history', async () => {
  const stage = await setStage({ server: { settings: { routing: 'hand-off' } } })
  const talk = await openTalk(stage)
  await stage.server.pause()
  stage.server.agentJoins(talk.id, 'Rosa')
  await stage.server.resume()
  const assignments = () => stage.book.eventsOf(talk.session.id).filter(({ type }) => type === 'assigned')
  await until('she is seen', () => assignments().length > 0)
  stage.server.drop('transport')
  await hasJoined(stage, talk, 3)
  stage.server.say(talk.id, 'hi')
  await hears(stage, talk, 'hi')
  expect(assignments()).toMatchObject([{ agent: 'Rosa' }])
})

test.each([
  ['with ids', {}],
  ['with neither ids nor times', BARE],
])('another replica goes on where the first has stopped, %s', async (_, settings) => {
  const stage = await setStage({ server: { settings } })
  const talk = await openTalk(stage)
  stage.server.say(talk.id, 'ok')
  stage.server.say(talk.id, 'ok')
  await hears(stage, talk, 'ok', 'ok')
  await stage.link.leave()
  stage.server.say(talk.id, 'ok')
  const second = startReplica(stage.server.url, {}, stage.book)
  await hears(second, talk, 'ok', 'ok', 'ok')
  await second.desk.sendToAgent(toSending(talk.session, { text: 'me too' }), aCall())
  stage.server.say(talk.id, 'fine')
  await hears(second, talk, 'ok', 'ok', 'ok', 'fine')
  expect(stage.book.repeats).toBe(0)
  expect(stage.server.state.requests).toHaveLength(1)
})

test('a message whose fate was unknown is not said again when the history has it', async () => {
  const stage = await setStage({ server: { settings: { messageIds: false, sendAck: 'none' } } })
  const talk = await openTalk(stage)
  const sending = outcomeOf(stage.desk.sendToAgent(toSending(talk.session, { text: 'once' }), aCall()))
  await until('it has arrived', () => stage.server.said(talk.id).length === 1)
  stage.server.drop('transport')
  expectError(await sending, 'UNREACHABLE')
  await stage.desk.sendToAgent(toSending(talk.session, { text: 'once' }), aCall(2))
  expect(stage.server.said(talk.id)).toHaveLength(1)
})

test('a conversation the server has forgotten is gone, once', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  await stage.server.restart({ keepsState: false })
  const closed = await until('it is over', () =>
    stage.book.eventsOf(talk.session.id).find(({ type }) => type === 'closed'),
  )
  expect(closed).toMatchObject({ reason: 'gone', conversation: talk.id })
  const sending = stage.desk.sendToAgent(toSending(talk.session, { text: 'anybody?' }), aCall())
  expectError(await outcomeOf(sending), 'CONVERSATION_GONE')
  await stage.desk.closeConversation(talk.session, 'bot', aCall())
})

test('an end that was missed is told with what was said before it', async () => {
  const stage = await setStage({ server: { settings: { joinsEnded: true } } })
  const talk = await openTalk(stage)
  await stage.server.pause()
  stage.server.say(talk.id, 'goodbye')
  stage.server.end(talk.id)
  await stage.server.resume()
  await until('it is over', () => stage.book.eventsOf(talk.session.id).some(({ type }) => type === 'closed'))
  const said = stage.book.eventsOf(talk.session.id).slice(-2)
  expect(said).toMatchObject([
    { type: 'message', message: { text: 'goodbye' } },
    { type: 'closed', reason: 'agent' },
  ])
})

test('stops when another replica has taken over', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  stage.link.isFenced = true
  stage.server.say(talk.id, 'hello')
  expectError(await until('the link stops', () => stage.link.error), 'FENCED')
  await until('the socket is closed', () => stage.server.conversationOf(talk.id)?.members.size === 0)
})

test('leaves at once and for good', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  const began = performance.now()
  await stage.link.leave()
  expect(performance.now() - began).toBeLessThan(1_000)
  await until('the socket is closed', () => stage.server.conversationOf(talk.id)?.members.size === 0)
})
