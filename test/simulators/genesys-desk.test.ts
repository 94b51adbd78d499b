import { expect, test } from 'vitest'
import { call, createClient, createSeat, type Json, startCentre } from './genesys-kit.ts'

type Step = [method: string, path: string, body: Json | undefined, expected: Json]

test('a person with curl can play everybody', async () => {
  const genesys = await startCentre()
  await createSeat(genesys).ready()
  const last = { log: expect.any(Array) }
  const steps: Step[] = [
    ['POST', 'customers', { nickname: 'Max', endpoint: 'chat-queue' }, { chat: { nickname: 'Max' } }],
    ['GET', 'chats', undefined, { chats: [{ nickname: 'Max', state: 'WaitingForAgent', ...last }] }],
    ['POST', 'chats/Max/invite', { seat: 'bot' }, { chat: { seats: { bot: 'Invited' } } }],
    ['POST', 'chats/Max/revoke', { seat: 'bot' }, { chat: { seats: { bot: 'Revoked' } } }],
    ['POST', 'chats/Max/join', { agent: 'luis' }, { chat: { state: 'Chatting' } }],
    ['POST', 'chats/Max/customer-says', { text: 'help' }, { chat: last }],
    ['POST', 'chats/Max/say', { text: 'hello' }, { chat: last }],
    ['POST', 'chats/Max/whisper', { text: 'psst' }, { chat: last }],
    ['POST', 'chats/Max/type', { stopped: true }, { chat: last }],
    ['POST', 'chats/Max/notice', { text: 'wait', as: 'External' }, { chat: last }],
    ['POST', 'chats/Max/transfer', { to: 'ana' }, { chat: { participants: [{}, { user: 'ana' }] } }],
    ['POST', 'chats/Max/leave', undefined, { chat: { state: 'WaitingForAgent' } }],
    ['GET', 'chats/Max', undefined, { said: [{ text: 'help' }, { text: 'hello' }, { whispered: true }, {}] }],
    ['POST', 'chats/Max/end', {}, { chat: { state: 'Idle' } }],
    ['POST', 'chats/Max/forget', undefined, { chat: { nickname: 'Max' } }],
    ['POST', 'customers', undefined, { chat: { nickname: 'Eva', state: 'Chatting' } }],
    ['POST', 'chats/Eva/customer-leaves', undefined, { chat: { state: 'Idle' } }],
    ['POST', 'agents/ana', { available: false }, { available: false }],
    ['POST', 'settings', { leakWhispers: true }, { leakWhispers: true, reject: 'status0' }],
    ['POST', 'failures', { leg: 'seat', answer: 'html502' }, { done: true }],
    ['POST', 'late-failures', { operation: 'Accept' }, { done: true }],
    ['POST', 'notifications/drop', {}, { done: true }],
    ['POST', 'seats/expire', { seat: 'bot' }, { done: true }],
    ['GET', 'requests', undefined, { requests: [{ method: 'POST' }, { method: 'POST' }] }],
  ]
  for (const [method, path, body, expected] of steps)
    expect(await call(`${genesys.url}/__desk/${path}`, method, { body }), path).toMatchObject({
      status: 200,
      body: expected,
    })
  expect(genesys.settings.leakWhispers).toBe(true)
  expect(genesys.chatOf('Max')).toBeUndefined()
  expect(genesys.state.users.get('bot')?.isReady).toBe(false)
  expect((await createSeat(genesys).ask('GET', '/me')).status).toBe(502)
})

test.each([
  ['chats/nobody/say', { text: 'x' }],
  ['chats/Eva/say', { test: 'x' }],
  ['chats/Eva/revoke', { seat: 'bot' }],
  ['chats/Eva/transfer', { to: 'nobody' }],
  ['agents/nobody', { available: true }],
  ['customers', { endpoint: 'none' }],
  ['settings', { leakWhisper: true }],
  ['failures', { answer: 'http500' }],
])('POST %s with %j is refused', async (path, body) => {
  const genesys = await startCentre()
  genesys.customerStarts()
  const answer = await call(`${genesys.url}/__desk/${path}`, 'POST', { body })
  expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } })
})

test('the keys of a GMS customer are shown to nobody', async () => {
  const genesys = await startCentre()
  const { keys, chatId } = await createClient(genesys).start()
  const { text } = await call(`${genesys.url}/__desk/chats/${chatId}`, 'GET')
  expect(text).toContain(chatId)
  expect(text).not.toContain(keys.secureKey)
  expect((await call(`${genesys.url}/__desk/chats/none`, 'GET')).status).toBe(404)
})
