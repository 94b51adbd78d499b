import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { createCustomer, startCentre } from './genesys-kit.ts'

test('a chat from its request to its end', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start({ endpoint: 'chat-queue', userData: { key: 'k1' } })
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/)
  expect(genesys.chatOf('k1')).toMatchObject({ id, interactionId: expect.stringMatching(/^0000Na9\w{9}$/) })
  expect(await customer.state(id)).toMatchObject({ state: 'WaitingForAgent', participants: [{}] })
  genesys.agentJoins(id, 'luis')
  const text = 'a & b\n= 👋🏽'
  for (const operation of ['SendStartTypingNotification', 'SendStopTypingNotification'])
    expect((await customer.act(id, operation)).body).toEqual({ statusCode: 0 })
  expect((await customer.act(id, 'SendMessage', { text })).body).toEqual({ statusCode: 0 })
  genesys.agentSays(id, 'hello')
  expect(await customer.state(id)).toEqual({
    id,
    state: 'Chatting',
    capabilities: expect.arrayContaining(['SendMessage', 'Complete']),
    participants: [
      { nickname: 'Eva', participantId: expect.any(String), type: 'Customer' },
      { nickname: 'Luis', participantId: expect.any(String), type: 'Agent' },
    ],
  })
  const from = { nickname: 'Eva', participantId: expect.any(String), type: 'Customer' }
  expect(await customer.messages(id)).toMatchObject([
    { index: 1, type: 'ParticipantJoined', from },
    { index: 2, type: 'ParticipantJoined', from: { type: 'Agent' } },
    { index: 3, type: 'TypingStarted', from },
    { index: 4, type: 'TypingStopped', from },
    { index: 5, type: 'Text', text, from },
    { index: 6, type: 'Text', text: 'hello', from: { nickname: 'Luis', type: 'Agent' } },
  ])
  expect((await customer.act(id, 'Complete')).body).toEqual({ statusCode: 0 })
  expect(await customer.state(id)).toMatchObject({ state: 'Idle', capabilities: [], participants: [] })
  for (const operation of ['SendMessage', 'SendStartTypingNotification', 'Complete'])
    expect((await customer.act(id, operation, { text: 'x' })).body).toMatchObject({ statusCode: 2 })
})

test('with an index every poll gives the same, without one the server moves its own cursor', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  const indices = async (query: string) => (await customer.messages(id, query)).map(({ index }) => index)
  expect(await indices('?index=2')).toEqual([2])
  expect(await indices('?index=1')).toEqual([1, 2])
  expect(await indices('')).toEqual([])
  genesys.agentSays(id, 'one')
  expect(await indices('')).toEqual([3])
  expect(await indices('')).toEqual([])
  expect(await indices('?index=3')).toEqual([3])
  expect(genesys.chatOf(id)?.polls.map(({ index }) => index)).toEqual([
    2,
    1,
    undefined,
    undefined,
    undefined,
    3,
  ])
})

test('whispers are missing from the log, unless the centre leaks them', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  genesys.agentWhispers(id, 'psst')
  genesys.agentSays(id, 'hello')
  expect((await customer.messages(id)).map(({ index }) => index)).toEqual([1, 2, 4])
  genesys.settings.leakWhispers = true
  const leaked = { index: 3, type: 'Text', text: 'psst', visibility: 'Agents', from: { type: 'Agent' } }
  const lines = await customer.messages(id, '?index=3')
  expect(lines).toMatchObject([leaked, { index: 4, text: 'hello' }])
  expect(lines[1]).not.toHaveProperty('visibility')
})

test('notices and lines of machines have their own types', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  genesys.notice(id, '{"a":1}')
  genesys.notice(id, 'You are first', { as: 'External' })
  expect(await customer.messages(id, '?index=3')).toMatchObject([
    { type: 'Notice', noticeText: '{"a":1}', from: { type: 'External' } },
    { type: 'Text', text: 'You are first', from: { type: 'External' } },
  ])
})

test('a forgotten chat is unknown', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  genesys.forgetChat(id)
  for (const answer of [
    await customer.ask('GET', `/${id}`),
    await customer.ask('GET', `/${id}/messages?index=0`),
    await customer.act(id, 'SendMessage', { text: 'x' }),
  ])
    expect(answer.body).toMatchObject({ statusCode: 6 })
})

test('a customer who stops asking is dropped, where the centre is set so', async () => {
  const genesys = await startCentre({ settings: { flexDisconnectMs: 60 } })
  const customer = createCustomer(genesys)
  const id = await customer.start()
  await until('the chat is over', () => genesys.chatOf(id)?.state === 'Idle')
  const left = { type: 'ParticipantLeft', from: { type: 'Customer' } }
  expect(await customer.messages(id, '?index=3')).toMatchObject([left, { from: { type: 'Agent' } }])
})

test('an answer can get lost after the chat was made', async () => {
  const genesys = await startCentre()
  genesys.faults.add({ kind: 'reset-after', route: '/api/v2/chats', times: 1 })
  await expect(createCustomer(genesys).start({ userData: { key: 'k1' } })).rejects.toThrow()
  expect(genesys.chatOf('k1')?.state).toBe('Chatting')
})

test('every request is on record', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  await customer.start({ userData: { key: 'k1' } })
  await customer.ask('GET', '/none')
  expect(genesys.state.requests).toMatchObject([
    {
      method: 'POST',
      path: '/api/v2/chats',
      headers: { contactcenterid: genesys.contactCenterId },
      body: { userData: { key: 'k1' } },
      status: 200,
    },
    { method: 'GET', path: '/api/v2/chats/none', status: 200 },
  ])
})
