import { expect, test } from 'vitest'
import { createSeat, startWork } from './genesys-kit.ts'

const ok = { statusCode: 0 }

test('after it has gone, a seat is no participant', async () => {
  const agents = [{ userName: 'ana' }, { userName: 'luis' }]
  for (const [operation, args] of [
    ['SingleStepTransfer', { agentId: 'luis' }],
    ['LeaveConference', { agentId: 'bot' }],
  ] as const) {
    const { seat, chat, id } = await startWork('Chatting', { agents })
    await seat.act(id, 'InviteUser', { agentId: 'ana' })
    await seat.act(id, operation, args)
    expect(chat).toMatchObject({ state: 'Chatting' })
    for (const next of ['SendMessage', 'RequestChatHistory', 'SendStartTypingNotification', 'Complete'])
      expect((await seat.act(id, next, { text: 'x' })).body).toMatchObject({ statusCode: 5 })
  }
})

test('a transfer to a skill: who has it and is free, and a queue until somebody is', async () => {
  const { genesys, seat, chat, id } = await startWork('Chatting')
  genesys.setAgentAvailable('ana', false)
  await seat.act(id, 'SingleStepTransfer', { skill: 'hiv' })
  expect(chat).toMatchObject({ state: 'WaitingForAgent', participants: [{ nickname: 'Eva' }] })
  genesys.setAgentAvailable('ana', true)
  expect(chat).toMatchObject({ state: 'Chatting', participants: [{ nickname: 'Eva' }, { user: 'ana' }] })
})

test.each(['id', 'userName'] as const)('an agent is found by %s', async key => {
  const { genesys, seat, chat, id } = await startWork('Chatting')
  await seat.act(id, 'InviteUser', { agentId: genesys.state.users.get('luis')?.[key] })
  expect(chat.participants.map(({ user }) => user)).toEqual([undefined, 'bot', 'luis'])
})

test('an agent who answers by hand comes later', async () => {
  const agents = [{ userName: 'ana', answers: 'by-hand' as const }]
  const { genesys, seat, chat, id } = await startWork('Chatting', { agents })
  await seat.act(id, 'InviteUser', { agentId: 'ana' })
  expect(chat.participants).toHaveLength(2)
  genesys.agentJoins(id, 'ana')
  expect(chat.participants.map(({ user }) => user)).toEqual([undefined, 'bot', 'ana'])
})

test('another seat is invited, if it is ready', async () => {
  const seats = ['bot', 'bot2'].map(userName => ({ userName, password: 'seat-password' }))
  const { genesys, seat, chat, id } = await startWork('Chatting', { seats })
  expect((await seat.act(id, 'SingleStepTransfer', { agentId: 'bot2' })).body).toMatchObject({
    statusCode: 2,
  })
  expect(chat.seats.get('bot')).toBe('Chatting')
  const other = createSeat(genesys, 'bot2')
  await other.ready()
  await seat.act(id, 'InviteUser', { agentId: 'bot2' })
  expect((await other.act(id, 'Accept', { nickname: 'Two' })).body).toEqual(ok)
  expect(chat.participants.map(({ nickname }) => nickname)).toEqual(['Eva', 'Bot', 'Two'])
})

test('a rejected chat goes to the next seat and not back', async () => {
  const seats = ['bot', 'bot2'].map(userName => ({ userName, password: 'seat-password' }))
  const endpoints = { 'chat-seat': { seats: ['bot', 'bot2'] } }
  const { genesys, seat, chat, id } = await startWork('Invited', { seats, endpoints })
  await createSeat(genesys, 'bot2').ready()
  await seat.act(id, 'Reject')
  expect([...chat.seats]).toEqual([
    ['bot', 'Gone'],
    ['bot2', 'Invited'],
  ])
})
