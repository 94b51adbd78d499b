import { afterEach, expect, test } from 'vitest'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { until } from '../../support/until.ts'
import {
  aCall,
  aRequest,
  expectError,
  MESSAGE_ID,
  openTalk,
  outcomeOf,
  type Replica,
  setStage,
  strike,
  type Talk,
  textsOf,
  toSending,
  toSession,
  UUID,
} from './support.ts'

afterEach(strike)

const has = ({ book }: Replica, { session }: Talk, type: AgentEvent['type']) =>
  until(`there is an event "${type}"`, () => book.eventsOf(session.id).find(event => event.type === type))

const hears = ({ book }: Replica, { session }: Talk, ...texts: string[]) =>
  until(`the client has heard ${texts}`, () => textsOf(book, session.id).length >= texts.length).then(() =>
    expect(textsOf(book, session.id)).toEqual(texts),
  )

const sentMessages = ({ server }: Awaited<ReturnType<typeof setStage>>) =>
  server.state.events.filter(({ event, kind }) => event === 'sendMessage' && kind === 'received')

test('says a message in the documented shape, with our id', async () => {
  const stage = await setStage({ server: { settings: { messageIds: false } } })
  const { session, id } = await openTalk(stage)
  await stage.desk.sendToAgent(toSending(session, { text: 'hello' }), aCall())
  const { participant } = session.conversation.state as { participant: string }
  expect(sentMessages(stage).map(({ payload }) => payload)).toEqual([
    {
      id: MESSAGE_ID,
      conversationId: id,
      type: 'ChatMessage',
      from: { id: participant, name: 'Ana María López' },
      to: [],
      text: 'hello',
      refId: UUID,
      attachments: [],
      tag: '',
      timestamp: expect.stringMatching(/Z$/),
    },
  ])
  expect(stage.server.said(id)).toMatchObject([{ by: 'customer', text: 'hello' }])
  expect(stage.server.state.lost).toEqual([])
})

test('sends files by their address, and what has none as words', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  const attachments = [
    { contentType: 'image/png', url: 'https://media.example.org/a.png', name: 'a.png' },
    { contentType: 'geo', url: 'geo:14.62,-90.51' },
  ]
  await stage.desk.sendToAgent(toSending(talk.session, { text: 'look', attachments }), aCall())
  const place = 'https://www.openstreetmap.org/?mlat=14.62&mlon=-90.51#map=16/14.62/-90.51'
  expect(sentMessages(stage).map(({ payload }) => payload)).toMatchObject([
    { id: MESSAGE_ID, text: 'look', attachments: [] },
    {
      id: `${MESSAGE_ID}a1`,
      text: '',
      attachments: [{ type: 'image/png', name: 'a.png', contentUrl: 'https://media.example.org/a.png' }],
    },
    { id: `${MESSAGE_ID}a2`, text: `geo:14.62,-90.51\n${place}`, attachments: [] },
  ])
  expect(stage.server.said(talk.id)).toHaveLength(3)
})

test('a message that is acknowledged with an error is refused; one that is not acknowledged is sent', async () => {
  const stage = await setStage()
  const { session } = await openTalk(stage)
  stage.server.settings.sendAck = 'error'
  expectError(await outcomeOf(stage.desk.sendToAgent(toSending(session, { text: 'a' }), aCall())), 'REJECTED')
  stage.server.settings.sendAck = 'none'
  await stage.desk.sendToAgent(toSending(session, { text: 'b' }), aCall())
})

test('the client hears the agent, in order, and no whisper, echo, or word to others', async () => {
  const stage = await setStage({ server: { settings: { echoes: true } } })
  const talk = await openTalk(stage)
  const { server } = stage
  server.say(talk.id, 'one')
  server.say(talk.id, 'not for you', { tag: 'Whisper ' })
  await stage.desk.sendToAgent(toSending(talk.session, { text: 'mine' }), aCall())
  server.say(talk.id, 'for staff', { to: [{ id: 'agent-2', name: 'Rosa' }] })
  server.typing(talk.id)
  server.sendJunk(talk.id)
  server.sendJunk()
  server.say(talk.id, 'ok')
  server.say(talk.id, 'ok')
  await hears(stage, talk, 'one', 'ok', 'ok')
  expect(stage.logged.join()).not.toMatch(/not for you|for staff|mine/)
  const events = stage.book.eventsOf(talk.session.id)
  expect(events.every(({ conversation }) => conversation === talk.id)).toBe(true)
})

test('conversations are kept apart', async () => {
  const stage = await setStage()
  const ana = await openTalk(stage)
  const eva = await openTalk(stage, { session: 'session-2', client: { uuid: 'eva', name: 'Eva' } })
  stage.server.say(eva.id, 'to Eva')
  stage.server.say(ana.id, 'to Ana')
  await hears(stage, eva, 'to Eva')
  await hears(stage, ana, 'to Ana')
})

test('an agent comes, goes, and the end is told once', async () => {
  const stage = await setStage({ server: { settings: { routing: 'hand-off' } } })
  const talk = await openTalk(stage)
  expect(talk.opened.state).toBe('queued')
  stage.server.noAgentAvailable(talk.id)
  stage.server.agentJoins(talk.id, 'Rosa')
  expect(await has(stage, talk, 'assigned')).toMatchObject({ agent: 'Rosa' })
  stage.server.agentLeaves(talk.id, 'Rosa')
  await has(stage, talk, 'agent-left')
  stage.server.say(talk.id, 'bye', { agent: 'Rosa' })
  stage.server.end(talk.id)
  await has(stage, talk, 'closed')
  const types = stage.book.eventsOf(talk.session.id).map(({ type }) => type)
  expect(types).toEqual(['queued', 'assigned', 'agent-left', 'message', 'closed'])
  expect(stage.server.state.events.some(({ event }) => event === 'endConversation')).toBe(false)
  const late = stage.desk.sendToAgent(toSending(talk.session, { text: 'too late' }), aCall())
  expectError(await outcomeOf(late), 'CONVERSATION_GONE')
})

test('a removed customer is handed back', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  stage.server.participantRemoved(talk.id, 'customer')
  expect(await has(stage, talk, 'closed')).toMatchObject({ reason: 'agent' })
})

test('what the agent says before the opening is settled waits for it', async () => {
  const stage = await setStage()
  const request = aRequest()
  const { conversation } = await stage.desk.openConversation(request, aCall())
  stage.server.say(conversation.id, 'one')
  stage.server.say(conversation.id, 'two', { id: null, timestamp: null })
  const other = await openTalk(stage, { session: 'session-2' })
  stage.server.say(other.id, 'meanwhile')
  await hears(stage, other, 'meanwhile')
  const session = { ...toSession(request), conversation }
  stage.book.begin(session)
  await hears(stage, { ...other, session }, 'one', 'two')
})

test('an event is passed on once and in order while the store comes and goes', async () => {
  const stage = await setStage({ server: { settings: { messageIds: false, timestamps: false } } })
  const talk = await openTalk(stage)
  await has(stage, talk, 'assigned')
  stage.book.failures.push('before', 'after', 'before')
  stage.server.say(talk.id, 'ok')
  stage.server.say(talk.id, 'ok')
  await hears(stage, talk, 'ok', 'ok')
  expect(stage.book.repeats).toBe(1)
})

test('ends the conversation, and says nothing of it to the client', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  stage.book.end(talk.session.id)
  await stage.desk.closeConversation(talk.session, 'bot', aCall())
  expect(stage.server.conversationOf(talk.id)).toMatchObject({ isOpen: false, endedBy: 'customer' })
  await stage.desk.closeConversation(talk.session, 'bot', aCall(2))
  await openTalk(stage, { session: 'session-2' })
  const asked = stage.server.state.events.filter(({ event }) => event === 'endConversation')
  expect(asked).toHaveLength(1)
  expect(stage.book.eventsOf(talk.session.id).some(({ type }) => type === 'closed')).toBe(false)
})

test('an end that nobody confirms, and one of a forgotten conversation, are done', async () => {
  const stage = await setStage({ server: { settings: { confirmsEnd: false } } })
  const talk = await openTalk(stage)
  await stage.desk.closeConversation(talk.session, 'bot', aCall())
  expect(stage.server.conversationOf(talk.id)).toMatchObject({ isOpen: false })
  const forgotten = await openTalk(stage, { session: 'session-2' })
  stage.server.forget()
  await stage.desk.closeConversation(forgotten.session, 'bot', aCall())
})

test('what the client said before they left is still said, then it is ended', async () => {
  const stage = await setStage()
  const talk = await openTalk(stage)
  stage.book.end(talk.session.id)
  await stage.desk.sendToAgent(toSending(talk.session, { text: 'bye' }), aCall())
  await stage.desk.closeConversation(talk.session, 'bot', aCall())
  expect(stage.server.said(talk.id).map(({ text }) => text)).toEqual(['bye'])
})

test('third parties are heard by whoever has their account, where that is wanted', async () => {
  const deaf = await setStage()
  const alone = await openTalk(deaf)
  expect(deaf.server.campaign('live-agents', UUID, 'sale!')).toBe(1)
  deaf.server.say(alone.id, 'hi')
  await hears(deaf, alone, 'hi')
  expect(deaf.logged.join()).toContain('"dropped":1')
  const stage = await setStage({ settings: { deliver_campaigns: true } })
  const talk = await openTalk(stage)
  await has(stage, talk, 'assigned')
  stage.server.campaign('live-agents', 'somebody-else', 'no')
  stage.server.campaign('live-agents', UUID, 'sale!')
  await hears(stage, talk, 'sale!')
})
