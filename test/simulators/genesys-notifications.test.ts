import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { startListening } from './genesys-kit.ts'

const chats = '/v2/me/chats'
const interactions = '/v2/me/interactions'

test('an invitation, and what follows Accept', async () => {
  const { genesys, seat, feed, start } = await startListening()
  const { interactionId: id } = start()
  const state = (more: object) => ({
    channel: chats,
    data: { messageType: 'ChatStateChangeMessage', chat: { id, path: `/chats/${id}`, ...more } },
  })
  expect(await feed.take()).toMatchObject([
    state({
      state: 'Invited',
      capabilities: ['Accept', 'Reject'],
      userData: { key: 'k1' },
      participants: [],
    }),
  ])
  genesys.customerSays(id, 'are you there?')
  await seat.act(id, 'Accept', { nickname: 'Bot' })
  const user = genesys.state.users.get('bot')
  const own = { nickname: 'Bot', type: 'Agent', uri: `${genesys.url}/api/v2/users/${user?.id}` }
  const [status, people, history, ...rest] = await feed.take()
  expect(status).toMatchObject(state({ state: 'Chatting', participants: [] }))
  expect(status?.data).toMatchObject({ notificationType: 'StatusChange' })
  expect(people).toMatchObject(state({ participants: [{ nickname: 'Eva', type: 'Customer' }, own] }))
  expect(people?.data).toMatchObject({ notificationType: 'ParticipantsUpdated' })
  expect(history?.data).toMatchObject({
    messageType: 'MessageLogUpdated',
    notificationType: 'NewMessages',
    chatUri: `${genesys.url}/api/v2/chats/${id}`,
    chatPath: `/chats/${id}`,
    messages: [
      { index: 1, type: 'ParticipantJoined' },
      { index: 2, type: 'Text', text: 'are you there?', from: { type: 'Customer' }, visibility: 'All' },
      { index: 3, type: 'ParticipantJoined', from: own },
    ],
  })
  expect(rest).toEqual([])
})

test('every line comes with its time, the own ones and whispers too', async () => {
  const now = () => Date.UTC(2024, 4, 6, 7, 8, 9, 10)
  const { genesys, seat, feed, start } = await startListening({ now })
  const { interactionId: id } = start()
  await seat.act(id, 'Accept', { nickname: 'Bot' })
  await feed.take()
  await seat.act(id, 'SendStartTypingNotification')
  await seat.act(id, 'SendMessage', { text: 'hi' })
  genesys.agentWhispers(id, 'psst', { agent: 'ana' })
  genesys.agentLeaves(id, 'ana')
  const frames = await feed.take()
  const lines = frames.flatMap(({ data }) => (data.messages as object[]) ?? [])
  expect(lines).toMatchObject([
    { index: 3, type: 'TypingStarted', from: { nickname: 'Bot' } },
    {
      index: 4,
      type: 'Text',
      text: 'hi',
      visibility: 'All',
      timestamp: '2024-05-06 07:08:09.010+0000',
      timestampSeconds: now(),
    },
    { index: 5, type: 'ParticipantJoined', from: { nickname: 'Ana' } },
    { index: 6, type: 'Text', text: 'psst', visibility: 'Agents' },
    { index: 7, type: 'ParticipantLeft' },
  ])
})

test('the history comes again on request, whole or from an event on', async () => {
  const { seat, feed, start } = await startListening()
  const { interactionId: id } = start()
  await seat.act(id, 'Accept', { nickname: 'Bot' })
  await feed.take()
  const ask = async (more: object) => {
    await seat.act(id, 'RequestChatHistory', { ...more })
    const lines = (await feed.take()).flatMap(({ data }) => data.messages as { index: number }[])
    return lines.map(({ index }) => index)
  }
  expect(await ask({})).toEqual([1, 2])
  expect(await ask({ eventId: 2 })).toEqual([2])
})

test.each([
  ['Complete', {}, ['LeftChat', 'Completed']],
  ['EndChatSession', {}, ['LeftChat']],
  ['SingleStepTransfer', { agentId: 'ana' }, ['LeftChat', 'Completed']],
])('the states after %s', async (operation, args, states) => {
  const { seat, feed, start } = await startListening()
  const { interactionId: id } = start()
  await seat.act(id, 'Accept', { nickname: 'Bot' })
  await feed.take()
  await seat.act(id, operation, args)
  const told = (await feed.take()).filter(({ data }) => data.notificationType === 'StatusChange')
  expect(told.map(({ data }) => (data.chat as { state: string }).state)).toEqual(states)
})

test('a rejected invitation is completed without participants, one taken back is revoked', async () => {
  const { genesys, seat, feed, start } = await startListening()
  await seat.act(start().interactionId, 'Reject')
  const completed = { chat: { state: 'Completed', participants: [] } }
  expect(await feed.take()).toMatchObject([{}, { data: completed }])
  const { id } = start()
  genesys.revokeInvitation(id, 'bot')
  expect(await feed.take()).toMatchObject([{}, { data: { chat: { state: 'Revoked' } } }])
})

test('a seat that is not ready gets no invitation until it is', async () => {
  const { seat, feed, start } = await startListening()
  await seat.me('NotReady')
  start()
  expect(await feed.take()).toEqual([])
  await seat.me('Ready')
  expect(await feed.take()).toMatchObject([{ data: { chat: { state: 'Invited' } } }])
})

test('a failure after the acknowledgement comes as a notification', async () => {
  const { genesys, seat, feed, start } = await startListening()
  const { interactionId: id } = start()
  await feed.take()
  genesys.failLater({ operation: 'Accept', statusCode: 4, statusMessage: 'no back-end' })
  const { body } = await seat.act(id, 'Accept', { nickname: 'Bot' })
  expect(body).toEqual({ statusCode: 0, referenceId: expect.any(Number) })
  const frame = await until('the error is told', async () => (await feed.take())[0])
  const { referenceId } = body
  expect(frame?.data).toMatchObject({
    notificationType: 'Error',
    referenceId,
    chat: { id, state: 'Invited' },
  })
  expect((await seat.act(id, 'Accept', { nickname: 'Bot' })).body).toEqual({ statusCode: 0 })
})

test('the older channel calls the chat an interaction; both may be used at once', async () => {
  const settings = { topics: [chats, interactions] as const }
  const { seat, feed, start } = await startListening({ settings: { topics: [...settings.topics] } }, '/**')
  const { interactionId: id } = start()
  await seat.act(id, 'Accept', { nickname: 'Bot' })
  const frames = await feed.take()
  expect(frames.filter(({ channel }) => channel === chats)).toHaveLength(4)
  const old = frames.filter(({ channel }) => channel === interactions)
  expect(old[0]?.data).toMatchObject({ interaction: { id, state: 'Invited', path: `/interactions/${id}` } })
  expect(old[3]?.data).toMatchObject({ interactionPath: `/interactions/${id}`, messages: [{}, {}] })
})

test.each([
  ['uri', 'chatUri', 'chatPath'],
  ['path', 'chatPath', 'chatUri'],
] as const)('messages may name their chat by its %s only', async (naming, present, absent) => {
  const { seat, feed, start } = await startListening({ settings: { naming, agentUris: false } })
  await seat.act(start().interactionId, 'Accept', { nickname: 'Bot' })
  const data = (await feed.take()).at(-1)?.data
  expect(data).toHaveProperty(present)
  expect(data).not.toHaveProperty(absent)
  expect(JSON.stringify(data)).not.toContain('/users/')
})
