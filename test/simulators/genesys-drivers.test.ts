import { expect, test } from 'vitest'
import { createCustomer, createSeat, startCentre } from './genesys-kit.ts'

test('routing: the first agent who is available, else the queue until one is', async () => {
  const genesys = await startCentre()
  const agentIn = (id: string) => genesys.chatOf(id)?.participants[1]?.user
  expect(agentIn(genesys.customerStarts().id)).toBe('ana')
  genesys.setAgentAvailable('ana', false)
  expect(agentIn(genesys.customerStarts().id)).toBe('luis')
  genesys.setAgentAvailable('luis', false)
  const waiting = genesys.customerStarts()
  expect(waiting.state).toBe('WaitingForAgent')
  genesys.setAgentAvailable('luis', true)
  expect(agentIn(waiting.id)).toBe('luis')
})

test('routing: a queue is left only by hand, a seat must be ready', async () => {
  const genesys = await startCentre()
  const queued = genesys.customerStarts({ endpoint: 'chat-queue' })
  const invited = genesys.customerStarts({ endpoint: 'chat-seat' })
  expect([queued.state, invited.state, invited.seats.size]).toEqual(['WaitingForAgent', 'WaitingForAgent', 0])
  expect(() => genesys.inviteSeat(queued.id, 'bot')).toThrow('not ready')
  await createSeat(genesys).ready()
  expect([queued.seats.get('bot'), invited.seats.get('bot')]).toEqual([undefined, 'Invited'])
  genesys.inviteSeat(queued.id, 'bot')
  expect(queued.seats.get('bot')).toBe('Invited')
  genesys.agentJoins(queued.id, 'luis')
  expect(queued.state).toBe('Chatting')
})

test('a transfer: one leaves, the other joins, and the chat goes on', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  genesys.agentTransfers(id, 'luis')
  expect(await customer.messages(id, '?index=3')).toMatchObject([
    { type: 'ParticipantLeft', from: { nickname: 'Ana' } },
    { type: 'ParticipantJoined', from: { nickname: 'Luis' } },
  ])
  genesys.agentLeaves(id)
  expect(await customer.state(id)).toMatchObject({ state: 'WaitingForAgent', capabilities: [{}, {}, {}, {}] })
})

test.each([
  [false, { state: 'Idle', participants: [] }],
  [true, { state: 'Chatting', participants: [{ type: 'Customer' }] }],
])('an end by the agent (stranded: %s)', async (stranded, expected) => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  genesys.agentEnds(id, { stranded })
  expect(await customer.state(id)).toMatchObject({ ...expected, capabilities: [] })
  expect((await customer.messages(id, '?index=3'))[0]).toMatchObject({ type: 'ParticipantLeft' })
  expect((await customer.act(id, 'SendMessage', { text: 'x' })).body).toMatchObject({ statusCode: 2 })
})

test('an agent ends the chat of a seat, which keeps it for after-work', async () => {
  const genesys = await startCentre()
  const seat = createSeat(genesys)
  await seat.ready()
  const chat = genesys.customerStarts({ endpoint: 'chat-seat' })
  await seat.act(chat.interactionId, 'Accept', { nickname: 'Bot' })
  genesys.agentEnds(chat.id, { agent: 'ana' })
  expect(chat.seats.get('bot')).toBe('LeftChat')
  const invited = genesys.customerStarts({ endpoint: 'chat-seat' })
  genesys.customerLeaves(invited.id)
  expect(invited.seats.get('bot')).toBe('Revoked')
})

test('who said what, in order, whispers and machines included', async () => {
  const genesys = await startCentre()
  const { id } = genesys.customerStarts()
  genesys.customerSays(id, 'help')
  genesys.agentTypes(id)
  genesys.agentTypes(id, { stopped: true })
  genesys.agentSays(id, 'hello')
  genesys.agentWhispers(id, 'psst', { agent: 'luis' })
  genesys.notice(id, '{}')
  expect(genesys.transcriptOf(id)).toEqual([
    { index: 3, who: 'customer', name: 'Eva', text: 'help' },
    { index: 6, who: 'agent', name: 'Ana', text: 'hello' },
    { index: 8, who: 'agent', name: 'Luis', text: 'psst', whispered: true },
    { index: 9, who: 'system', name: 'system', text: '{}' },
  ])
  expect(genesys.chatOf(id)?.log.slice(3, 5)).toMatchObject([
    { type: 'TypingStarted' },
    { type: 'TypingStopped' },
  ])
})

test('chats are found by their ids, and the newest by nickname and attached data', async () => {
  const genesys = await startCentre()
  const [first, second] = ['k1', 'k1'].map(key =>
    genesys.customerStarts({ nickname: 'Max', userData: { key } }),
  )
  expect(genesys.chatOf(`${first?.id}`)).toBe(first)
  expect(genesys.chatOf(`${first?.interactionId}`)).toBe(first)
  expect(genesys.chatOf('k1')).toBe(second)
  expect(genesys.chatOf('Max')).toBe(second)
  expect(genesys.chatOf('none')).toBeUndefined()
})

test('what cannot be done is said', async () => {
  const genesys = await startCentre()
  const { id } = genesys.customerStarts()
  expect(() => genesys.agentSays('none', 'x')).toThrow('no chat none')
  expect(() => genesys.agentJoins(id, 'nobody')).toThrow('no agent nobody')
  expect(() => genesys.setAgentAvailable('nobody', true)).toThrow('no agent nobody')
  expect(() => genesys.customerStarts({ endpoint: 'none' })).toThrow('no endpoint none')
  expect(() => genesys.revokeInvitation(id, 'bot')).toThrow('no invitation')
  genesys.customerLeaves(id)
  expect(() => genesys.agentSays(id, 'x')).toThrow('over')
  expect(() => genesys.customerSays(id, 'x')).toThrow('over')
})

test('the customer of a driver has no way in by the APIs', async () => {
  const genesys = await startCentre()
  const { id } = genesys.customerStarts()
  expect((await createCustomer(genesys).ask('GET', `/${id}`)).body).toMatchObject({ statusCode: 6 })
})

test('it goes down and comes back with all it knew', async () => {
  const genesys = await startCentre()
  const customer = createCustomer(genesys)
  const id = await customer.start()
  await genesys.faults.down()
  await expect(customer.state(id)).rejects.toThrow()
  await genesys.faults.up()
  expect(await customer.state(id)).toMatchObject({ state: 'Chatting' })
})
