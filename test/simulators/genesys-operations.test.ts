import { expect, test } from 'vitest'
import { type Json, startWork } from './genesys-kit.ts'

const ok = { statusCode: 0 }
const failed = { status: 'error', errorDescription: expect.any(String) }

type Row = [operation: string, args: Json, state: 'Invited' | 'Chatting', answer: Json, after: string]
const successes: Row[] = [
  ['Accept', { nickname: 'Bot' }, 'Invited', ok, 'Chatting'],
  ['Reject', {}, 'Invited', { status: 0 }, 'Gone'],
  ['InviteUser', { agentId: 'ana' }, 'Chatting', { status: 'ok' }, 'Chatting'],
  ['EndChatSession', {}, 'Chatting', { status: 'ok' }, 'LeftChat'],
  ['SendMessage', { text: 'hi' }, 'Chatting', ok, 'Chatting'],
  ['SendStartTypingNotification', {}, 'Chatting', ok, 'Chatting'],
  ['SendStopTypingNotification', {}, 'Chatting', ok, 'Chatting'],
  ['SingleStepTransfer', { skill: 'hiv' }, 'Chatting', ok, 'Gone'],
  ['Complete', {}, 'Chatting', ok, 'Completed'],
  ['RequestChatHistory', {}, 'Chatting', ok, 'Chatting'],
  ['RequestChatHistory', { eventId: 2 }, 'Chatting', ok, 'Chatting'],
  ['LeaveConference', { agentId: 'bot' }, 'Chatting', { status: 'ok' }, 'LeftChat'],
]

test.each(successes)('%s %j, answered in its dialect', async (operation, args, state, answer, after) => {
  const { seat, chat, id } = await startWork(state)
  expect(await seat.act(id, operation, args)).toMatchObject({ status: 200, body: answer })
  expect(chat.seats.get('bot')).toBe(after)
})

const isB = (operation: string) => ['InviteUser', 'EndChatSession', 'LeaveConference'].includes(operation)
const refusal = (operation: string, statusCode: number) =>
  isB(operation) ? failed : { statusCode, statusMessage: expect.any(String) }

test.each(successes)(
  '%s %j is refused: unknown, not a participant, wrong state',
  async (operation, args, state) => {
    const { genesys, seat, id } = await startWork(state === 'Invited' ? 'Chatting' : 'Invited')
    const foreign = genesys.customerStarts({ endpoint: 'chat-queue' })
    expect((await seat.act('0000Na9', operation, args)).body).toEqual(refusal(operation, 6))
    expect((await seat.act(foreign.id, operation, args)).body).toEqual(refusal(operation, 6))
    expect((await seat.act(foreign.interactionId, operation, args)).body).toEqual(refusal(operation, 5))
    expect((await seat.act(id, operation, args)).body).toEqual(refusal(operation, 2))
  },
)

test.each([
  ['Accept', {}, 'Invited', 1],
  ['InviteUser', {}, 'Chatting', 1],
  ['InviteUser', { agentId: 'nobody' }, 'Chatting', 2],
  ['InviteUser', { agentId: 'bot' }, 'Chatting', 2],
  ['SendMessage', {}, 'Chatting', 1],
  ['SingleStepTransfer', {}, 'Chatting', 1],
  ['SingleStepTransfer', { agentId: 'nobody' }, 'Chatting', 2],
  ['SingleStepTransfer', { skill: 'none' }, 'Chatting', 2],
  ['RequestChatHistory', { eventId: 'x' }, 'Chatting', 2],
  ['LeaveConference', {}, 'Chatting', 1],
  ['LeaveConference', { agentId: 'ana' }, 'Chatting', 5],
] as const)('%s %j is refused and changes nothing', async (operation, args, state, code) => {
  const { seat, chat, id } = await startWork(state)
  const before = chat.log.length
  expect((await seat.act(id, operation, args)).body).toEqual(refusal(operation, code))
  expect(chat.seats.get('bot')).toBe(state)
  expect(chat.log).toHaveLength(before)
})

test('an operation the path does not have is code 2, none at all code 1', async () => {
  const { seat, id } = await startWork('Chatting')
  for (const operation of ['Send', 'Transfer', 'Leave', 'Invite', 'constructor'])
    expect((await seat.act(id, operation)).body).toMatchObject({ statusCode: 2 })
  for (const operation of ['InviteUser', 'LeaveConference', 'SingleStepTransfer', 'EndChatSession'])
    expect((await seat.act(id, operation, {}, 'chats')).body).toMatchObject({ statusCode: 2 })
  expect((await seat.ask('POST', `/me/interactions/${id}`, {})).body).toMatchObject({ statusCode: 1 })
})

test.each([
  ['SendMessage', { text: 'hi' }, {}],
  ['SendToAgents', { text: 'psst' }, {}],
  ['SendCustomNoticeToAgents', { noticeText: '{}' }, {}],
  ['Invite', { targetUri: 'http://x/api/v2/users/ana' }, { referenceId: 1 }],
  ['Transfer', { targetUri: 'ana' }, { referenceId: 1 }],
  ['Transfer', { queueName: 'chat-general' }, { referenceId: 1 }],
  ['Leave', {}, {}],
  ['Complete', {}, {}],
])('the later name %s %j works at /me/chats, in dialect A', async (operation, args, more) => {
  const agents = [{ userName: 'ana', id: 'ana' }]
  const { seat, id } = await startWork('Chatting', { agents })
  expect((await seat.act(id, operation, args, 'chats')).body).toEqual({ ...ok, ...more })
})

test('EndChatSession leaves the interaction for after-work, Complete ends it once', async () => {
  const { seat, chat, id } = await startWork('Chatting')
  await seat.act(id, 'EndChatSession')
  expect(chat.state).toBe('Idle')
  expect((await seat.act(id, 'SendMessage', { text: 'x' })).body).toMatchObject({ statusCode: 2 })
  expect((await seat.act(id, 'Complete')).body).toEqual(ok)
  expect((await seat.act(id, 'Complete')).body).toMatchObject({ statusCode: 2 })
})

test('Complete alone ends a live chat', async () => {
  const { seat, chat, id } = await startWork('Chatting')
  await seat.act(id, 'Complete')
  expect(chat.state).toBe('Idle')
})

test('settings: an empty Reject, reference ids, HTTP status by code', async () => {
  const { genesys, seat, id } = await startWork('Invited', { settings: { reject: 'empty' } })
  expect(await seat.act(id, 'Reject')).toMatchObject({ status: 200, text: '' })
  Object.assign(genesys.settings, { referenceIds: true, errorStatus: 'mapped' })
  expect(await seat.act(id, 'Complete')).toMatchObject({ status: 403, body: { statusCode: 5 } })
  expect(await seat.act('x', 'EndChatSession')).toMatchObject({ status: 404, body: failed })
  const again = genesys.customerStarts({ endpoint: 'chat-seat' }).interactionId
  expect((await seat.act(again, 'Accept', { nickname: 'Bot' })).body).toMatchObject({
    referenceId: expect.any(Number),
  })
})

test.each([
  [{ statusCode: 4, statusMessage: 'busy' }, 200, { statusCode: 4, statusMessage: 'busy' }],
  [{ status: 'error', errorDescription: 'busy' }, 200, { status: 'error', errorDescription: 'busy' }],
  ['http403csrf', 403, {}],
  ['html502', 502, {}],
] as const)('a planted %j strikes once, and nothing is done', async (answer, status, body) => {
  const { genesys, seat, chat, id } = await startWork('Chatting')
  genesys.failNext({ leg: 'seat', operation: 'SendMessage', answer })
  const said = () => genesys.transcriptOf(chat.id).length
  expect(await seat.act(id, 'SendMessage', { text: 'x' })).toMatchObject({ status, body })
  expect(said()).toBe(0)
  expect((await seat.act(id, 'SendMessage', { text: 'x' })).body).toEqual(ok)
  expect(said()).toBe(1)
})
