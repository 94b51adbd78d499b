import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { call, connect, enter, type Json, startServer } from './chat-server-kit.ts'

type Step = [method: string, path: string, body: Json | undefined, expected: Json]
const done = { done: true }

test('a person with curl can play the agent', async () => {
  const server = await startServer({ settings: { routing: 'on-request' } })
  const connector = await connect(server)
  connector.socket.emit('registerConnector', { id: 'sms', name: 'SMS', channel: 'sms' })
  const { conversationId: id } = await enter(server, connector)
  await connector.hears(2)
  const at = 'conversations/+502'
  const steps: Step[] = [
    [
      'GET',
      'conversations',
      undefined,
      { conversations: [{ id, isOpen: true, members: [connector.socket.id] }] },
    ],
    ['POST', `${at}/hand-off`, undefined, done],
    ['POST', `${at}/no-agent`, {}, done],
    ['POST', `${at}/added`, { agent: 'Mar' }, done],
    ['POST', `${at}/join`, { agent: 'Mar' }, done],
    ['POST', `${at}/typing`, undefined, done],
    ['POST', `${at}/greet`, { text: 'hi' }, done],
    ['POST', `${at}/say`, { text: 'hello', id: null }, { message: { text: 'hello', from: { name: 'Mar' } } }],
    ['POST', `${at}/removed`, { who: 'Mar' }, done],
    ['POST', `${at}/join`, undefined, done],
    ['POST', `${at}/leave`, undefined, done],
    ['POST', 'campaign', { channel: 'sms', refId: '+502', text: 'sale' }, { sockets: 1 }],
    ['POST', 'raw', { payload: 7 }, done],
    ['POST', 'junk', undefined, { sent: expect.any(Number) }],
    ['POST', 'settings', { echoes: true }, { echoes: true, routing: 'on-request' }],
    ['GET', `${at}/said`, undefined, { said: [{ by: 'agent', text: 'hello' }] }],
    ['POST', `conversations/${id}/end`, undefined, done],
    ['GET', `conversations/${id}`, undefined, { conversation: { id, isOpen: false } }],
    ['GET', 'lost', undefined, { lost: [] }],
    ['GET', 'requests', undefined, { requests: [{ path: '/api/customer/init' }] }],
    [
      'GET',
      'events',
      undefined,
      { events: expect.arrayContaining([expect.objectContaining({ kind: 'connected' })]) },
    ],
    ['POST', 'forget', undefined, done],
    ['POST', 'drop', { kind: 'transport' }, done],
  ]
  for (const [method, path, body, expected] of steps)
    expect(await call(server, method, `/__desk/${path}`, body), path).toMatchObject({
      status: 200,
      body: expected,
    })
  expect(server.state.conversations.size).toBe(0)
  await until('the socket is dropped', () => server.state.events.some(({ kind }) => kind === 'disconnected'))
})

test('a restart is answered first', async () => {
  const server = await startServer()
  const connector = await connect(server)
  const { id } = connector.socket
  await enter(server, connector)
  const { body } = await call(server, 'POST', '/__desk/restart', { keepsState: false })
  expect(body).toEqual(done)
  await until('it is back', () => connector.socket.connected && connector.socket.id !== id)
  expect(server.state.conversations.size).toBe(0)
})

test.each([
  ['conversations/nobody/say', { text: 'x' }],
  ['conversations/+502/say', { test: 'x' }],
  ['conversations/+502/removed', {}],
  ['conversations/+502/leave', { agent: 'Nobody' }],
  ['settings', { echo: true }],
  ['settings', { routing: 'anywhere' }],
  ['drop', { kind: 'gently' }],
])('%s with %j is refused', async (path, body) => {
  const server = await startServer({ settings: { routing: 'on-request' } })
  const connector = await connect(server)
  await enter(server, connector)
  const answer = await call(server, 'POST', `/__desk/${path}`, body)
  expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } })
})

test('an unknown conversation is 404', async () => {
  expect((await call(await startServer(), 'GET', '/__desk/conversations/none')).status).toBe(404)
})
