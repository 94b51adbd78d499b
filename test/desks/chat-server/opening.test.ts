import { afterEach, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import {
  aCall,
  aRequest,
  expectError,
  openTalk,
  outcomeOf,
  setStage,
  strike,
  toSession,
  UUID,
} from './support.ts'

afterEach(strike)

const bodies = (server: { state: { requests: { body: unknown }[] } }) =>
  server.state.requests.map(({ body }) => body as Record<string, unknown>)

// With `refuse` the opening waits to hear who is there, so that the state is sure.
test('opens and joins: the connector registers first, then the participant of init joins', async () => {
  const stage = await setStage({ settings: { no_agent: 'refuse' } })
  const { opened, id } = await openTalk(stage)
  const [conversation] = [...stage.server.state.conversations.values()]
  expect(opened).toEqual({
    conversation: {
      id,
      state: { participant: conversation?.customer.id, name: 'Ana María López', refId: UUID },
    },
    state: 'assigned',
    agent: 'Luis',
  })
  const received = stage.server.state.events.filter(({ kind }) => kind === 'received')
  expect(received.map(({ event, payload }) => [event, payload])).toEqual([
    ['registerConnector', { id: 'live-agents', name: 'Live Agents', channel: 'live-agents' }],
    ['joinConversation', { conversationId: id, id: conversation?.customer.id, name: 'Ana María López' }],
  ])
})

test('says what is documented for init, and no phone or e-mail', async () => {
  const stage = await setStage()
  await openTalk(stage, { results: { age: '30' } })
  expect(bodies(stage.server)[0]).toEqual({
    firstName: 'Ana',
    lastName: 'María López',
    email: '',
    phone: '',
    channel: 'web',
    refId: UUID,
    subject: 'GTM_HIV_GENERAL',
    comment: '',
    requestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  })
})

test('tells more where that is wanted', async () => {
  const settings = {
    send_phone: true,
    language: 'es',
    comment: '{department} {results.age}',
    send_results: true,
    channels: { tel: 'sms' },
    groups: { GTM_HIV_GENERAL: 'hiv' },
  }
  const stage = await setStage({ settings })
  await openTalk(stage, { results: { age: '30' } })
  expect(bodies(stage.server)[0]).toMatchObject({
    phone: '+50212345678',
    refId: '+50212345678',
    language: 'es',
    comment: 'GTM_HIV_GENERAL 30\nage: 30',
    channel: 'sms',
    subject: 'hiv',
  })
})

test('opens no second conversation when it is repeated', async () => {
  const stage = await setStage()
  stage.server.faults.add({ kind: 'reset-after', route: '/api/customer/init', times: 1 })
  expectError(await outcomeOf(stage.desk.openConversation(aRequest(), aCall())), 'UNREACHABLE')
  await stage.desk.openConversation(aRequest(), aCall(2))
  await stage.desk.openConversation(aRequest({ session: 'session-2' }), aCall())
  expect(stage.server.state.conversations.size).toBe(2)
})

test.each([
  ['Participant', { capitalisedKeys: true }],
  ['_id', { participantShape: '_id' }],
  ['participantId', { participantShape: 'participantId' }],
  ['a bare id', { participantShape: 'string' }],
] as const)('understands a participant as %s', async (_, settings) => {
  const stage = await setStage({ server: { settings } })
  const { id } = await openTalk(stage)
  expect(stage.server.conversationOf(id)?.joins).toBe(1)
})

test.each([
  ['only an acknowledgement', { joinEvents: 'none' }],
  ['only conversationInfo', { joinAck: 'none', joinEvents: 'info' }],
  ['only a message', { joinAck: 'none', joinEvents: 'greetings' }],
  ['conversationInfo in other words', { joinAck: 'none', infoIdKey: '_id', joinEvents: 'info' }],
] as const)('has joined by %s', async (_, settings) => {
  const stage = await setStage({ server: { settings } })
  const { id } = await openTalk(stage)
  expect(stage.server.conversationOf(id)?.joins).toBe(1)
})

test('sees the agent who is there already', async () => {
  const stage = await setStage({
    server: { settings: { routing: 'hand-off', infoParticipantsKey: 'participants' } },
  })
  stage.server.settings.mutedJoins = 1
  expectError(await outcomeOf(stage.desk.openConversation(aRequest(), aCall())), 'UNREACHABLE')
  stage.server.agentJoins(UUID, 'Rosa')
  expect((await openTalk(stage)).opened).toMatchObject({ state: 'assigned', agent: 'Rosa' })
})

test.each([
  ['error', 'UNREACHABLE', '500'],
  ['unavailable', 'UNREACHABLE', '503'],
  ['empty', 'UNEXPECTED', 'init'],
  ['no-conversation', 'UNEXPECTED', 'conversationId'],
  ['no-participant', 'UNEXPECTED', 'participant'],
] as const)('when init answers %s: %s', async (initAnswer, code, words) => {
  const stage = await setStage({ server: { settings: { initAnswer } } })
  expectError(await outcomeOf(stage.desk.openConversation(aRequest(), aCall())), code, words)
})

test('refuses what the server refuses, and what is no chat server', async () => {
  const stage = await setStage({ server: { settings: { channels: ['fb'] } } })
  expectError(await outcomeOf(stage.desk.openConversation(aRequest(), aCall())), 'REJECTED', '400')
  const elsewhere = await setStage({ settings: { url: `${stage.server.url}/elsewhere`, path: '/socket.io' } })
  expectError(await outcomeOf(elsewhere.desk.openConversation(aRequest(), aCall())), 'MISCONFIGURED', 'url')
})

test('names a department without a group, and opens nothing', async () => {
  const stage = await setStage({ settings: { groups: { other: 'x' } } })
  const outcome = await outcomeOf(stage.desk.openConversation(aRequest(), aCall()))
  expectError(outcome, 'UNKNOWN_DEPARTMENT', 'GTM_HIV_GENERAL')
  expect(stage.server.state.requests).toHaveLength(0)
})

test.each([
  ['does not answer', { mutedJoins: 99 }],
  ['refuses', { joinAck: 'error' }],
] as const)('is unreachable when the server %s to the join', async (_, settings) => {
  const stage = await setStage({ server: { settings } })
  expectError(await outcomeOf(stage.desk.openConversation(aRequest(), aCall())), 'UNREACHABLE', 'join')
})

test('opens nothing while there is no connection', async () => {
  const stage = await setStage()
  await stage.link.leave()
  expectError(await outcomeOf(stage.desk.openConversation(aRequest(), aCall())), 'UNREACHABLE')
  expect(stage.server.state.requests).toHaveLength(0)
})

test('waits a little for a connection that is just made', async () => {
  const stage = await setStage()
  await stage.server.pause()
  const opening = stage.desk.openConversation(aRequest(), aCall())
  await stage.server.resume()
  expect((await opening).conversation.id).toMatch(/^c-/)
})

test('obeys its signal', async () => {
  const stage = await setStage({
    settings: { join_timeout_ms: 60_000 },
    server: { settings: { mutedJoins: 99 } },
  })
  const stopping = new AbortController()
  const opening = outcomeOf(stage.desk.openConversation(aRequest(), aCall(1, stopping.signal)))
  await until('the join is asked for', () =>
    stage.server.state.events.some(({ event }) => event === 'joinConversation'),
  )
  stopping.abort()
  expectError(await opening, 'UNREACHABLE')
})

test('nobody is there: waits, or is refused and leaves nothing open', async () => {
  const waiting = await setStage({ server: { settings: { routing: 'no-agent' } } })
  expect((await openTalk(waiting)).opened.state).toBe('queued')
  const refusing = await setStage({
    settings: { no_agent: 'refuse' },
    server: { settings: { routing: 'no-agent' } },
  })
  expectError(await outcomeOf(refusing.desk.openConversation(aRequest(), aCall())), 'NO_AGENT')
  expect([...refusing.server.state.conversations.values()][0]).toMatchObject({
    isOpen: false,
    endedBy: 'customer',
  })
  const later = await setStage({
    settings: { no_agent: 'refuse' },
    server: { settings: { routing: 'hand-off' } },
  })
  expect((await openTalk(later)).opened.state).toBe('queued')
  const served = await setStage({ settings: { no_agent: 'refuse' } })
  expect((await openTalk(served)).opened).toMatchObject({ state: 'assigned', agent: 'Luis' })
})

test('asks for an agent where a robot stands in front', async () => {
  const stage = await setStage({
    settings: { transfer_event: 'requestAgentTransfer' },
    server: { settings: { routing: 'on-request' } },
  })
  const { id, session } = await openTalk(stage)
  const { payload } = await until('an agent is asked for', () =>
    stage.server.state.events.find(({ event }) => event === 'requestAgentTransfer'),
  )
  expect(payload).toEqual({ conversationId: id })
  await until('the agent is there', () =>
    stage.book.eventsOf(session.id).some(({ type }) => type === 'assigned'),
  )
})

test('what was opened and never joined is found again and ended', async () => {
  const stage = await setStage({ server: { settings: { mutedJoins: 99 } } })
  const request = aRequest()
  expectError(await outcomeOf(stage.desk.openConversation(request, aCall())), 'UNREACHABLE')
  await stage.desk.closeConversation(toSession(request), 'failed', aCall())
  const all = () => [...stage.server.state.conversations.values()]
  await until('it is ended', () => all().every(({ isOpen }) => !isOpen))
  expect(all()).toMatchObject([{ endedBy: 'customer' }])
})
