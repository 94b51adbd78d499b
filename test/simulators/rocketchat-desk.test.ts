import { expect, test } from 'vitest'
import { call, type Json, openRoom, startReceiver, startWorkspace } from './rocketchat-kit.ts'

type Step = [method: string, path: string, body: Json | undefined, expected: Json]

test('a person with curl can play the agent', async () => {
  const receiver = await startReceiver()
  const settings = { Livechat_Routing_Method: 'Manual_Selection' } as const
  const rocketchat = await startWorkspace({ settings })
  const rid = await openRoom(rocketchat)
  const steps: Step[] = [
    ['POST', 'webhook', { url: receiver.url, secret: 's' }, { url: receiver.url }],
    ['GET', 'rooms', undefined, { rooms: [{ _id: rid, open: true }] }],
    ['POST', 'rooms/eva/take', { agent: 'luis' }, { room: { servedBy: { username: 'luis' } } }],
    [
      'POST',
      'rooms/eva/say',
      { text: 'hello', msgId: 'm1' },
      { message: { _id: 'm1', u: { username: 'luis' } } },
    ],
    ['PUT', 'messages/m1', { text: 'hi' }, { message: { msg: 'hi' } }],
    ['POST', `rooms/${rid}/quote`, { text: 'this', quoted: 'm1' }, { message: { rid } }],
    [
      'POST',
      'rooms/eva/file',
      { name: 'a.txt', text: 'abc' },
      { message: { file: { name: 'a.txt', size: 3 } } },
    ],
    ['POST', 'rooms/eva/forward', { agent: 'ana' }, { room: { servedBy: { username: 'ana' } } }],
    [
      'POST',
      'agents/ana',
      { online: false },
      { agents: [{ username: 'ana', online: false }, { online: true }] },
    ],
    ['POST', 'settings', { Livechat_enabled: false }, { Livechat_enabled: false }],
    ['POST', 'test-call', undefined, { status: 200 }],
    ['POST', 'rooms/eva/close', { comment: 'bye' }, { room: { closer: 'user' } }],
    ['POST', 'settled', undefined, { settled: true }],
    ['GET', `rooms/${rid}`, undefined, { room: { _id: rid } }],
    [
      'GET',
      'webhooks',
      undefined,
      { webhooks: [{ type: 'LivechatSessionTaken' }, {}, {}, {}, {}, {}, {}, {}] },
    ],
    ['GET', 'requests', undefined, { requests: [{ method: 'POST' }, { method: 'GET' }] }],
  ]
  for (const [method, path, body, expected] of steps)
    expect(await call(rocketchat, method, `/__desk/${path}`, body), path).toMatchObject({
      status: 200,
      body: expected,
    })
  const quote = `[ ](${rocketchat.url}/live/${rid}?msg=m1) this`
  expect(receiver.received.map(({ body }) => body.messages[0]?.msg)).toContain(quote)
  expect(receiver.types()).toContain('LivechatSession')
})

test.each([
  ['POST', 'rooms/nobody/say', { text: 'x' }],
  ['POST', 'rooms/eva/say', { test: 'x' }],
  ['POST', 'agents/nobody', { online: true }],
  ['POST', 'settings', { Livechat_enable: true }],
  ['PUT', 'messages/none', { text: 'x' }],
])('%s %s with %j is refused', async (method, path, body) => {
  const rocketchat = await startWorkspace()
  await openRoom(rocketchat)
  const answer = await call(rocketchat, method, `/__desk/${path}`, body)
  expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } })
})

test('every request is on record with its body and status', async () => {
  const rocketchat = await startWorkspace()
  await call(rocketchat, 'POST', 'visitor', { visitor: { token: 't' } })
  await call(rocketchat, 'GET', 'room?token=x')
  expect(rocketchat.state.requests).toMatchObject([
    { method: 'POST', path: '/api/v1/livechat/visitor', body: { visitor: { token: 't' } }, status: 200 },
    { method: 'GET', path: '/api/v1/livechat/room?token=x', status: 400 },
  ])
})

test('fast keeps no records, and counts', async () => {
  const rocketchat = await startWorkspace({ fast: true })
  const rid = await openRoom(rocketchat)
  const { body } = await call(rocketchat, 'POST', 'message', { rid, token: 'eva', msg: 'hi' })
  expect(body).toMatchObject({ message: { msg: 'hi' }, success: true })
  expect(rocketchat.state.requests).toEqual([])
  expect(rocketchat.state.counts).toMatchObject({ requests: 3, visitorMessages: 1 })
})
