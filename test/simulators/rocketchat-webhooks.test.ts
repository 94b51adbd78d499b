import { describe, expect, test, vi } from 'vitest'
import type { RocketchatOptions } from '../../simulators/rocketchat/index.ts'
import { call, openRoom, profiles, type Receiver, startReceiver, startWorkspace } from './rocketchat-kit.ts'

type Profile = (typeof profiles)[number]

async function startPair(options: RocketchatOptions = {}) {
  const receiver = await startReceiver()
  const rocketchat = await startWorkspace({ ...options, webhook: { url: receiver.url, secret: 'sesame' } })
  return { receiver, rocketchat }
}

function last({ received }: Receiver) {
  const newest = received.at(-1)
  if (!newest) throw new Error('no webhook came')
  return newest
}

const onStart = { Livechat_webhook_on_start: true }

test.each<[Profile, string[]]>([
  ['4.4', ['LivechatSessionStart', 'LivechatSessionQueued', 'LivechatSessionTaken']],
  ['6.14', ['LivechatSessionStart', 'LivechatSessionTaken']],
])('%s announces a new room before it answers', async (profile, types) => {
  const { receiver, rocketchat } = await startPair({ profile, settings: onStart })
  await openRoom(rocketchat)
  expect(receiver.types()).toEqual(types)
})

test.each([
  ['6.14', undefined],
  ['8.8', 200],
] as const)('%s, while the webhook is unanswered, has answered %s', async (profile, status) => {
  const { receiver, rocketchat } = await startPair({ profile, settings: onStart })
  const { promise, resolve } = Promise.withResolvers<void>()
  receiver.hold = promise
  const opening = openRoom(rocketchat)
  if (status) await opening
  await vi.waitUntil(() => receiver.received.length > 0)
  expect(rocketchat.state.requests.at(-1)).toMatchObject({
    method: 'GET',
    path: '/api/v1/livechat/room?token=eva',
  })
  expect(rocketchat.state.requests.at(-1)?.status).toBe(status)
  resolve()
  await opening
})

test("an agent's text carries the room, the people and the secret", async () => {
  const { receiver, rocketchat } = await startPair()
  const rid = await openRoom(rocketchat, 'eva', { phone: '+502555', email: 'eva@x.org' })
  const message = await rocketchat.say(rid, 'hello', { msgId: 'm1' })
  await rocketchat.webhooksSettled()
  const { headers, body } = last(receiver)
  expect(headers).toMatchObject({
    'x-rocketchat-livechat-token': 'sesame',
    'content-type': 'application/json',
  })
  expect(body).toMatchObject({
    _id: rid,
    label: 'Eva',
    type: 'Message',
    visitor: { token: 'eva', phone: [{ phoneNumber: '+502555' }], email: [{ address: 'eva@x.org' }] },
    agent: { username: 'ana', email: 'ana@desk.example' },
    messages: [{ _id: 'm1', msg: 'hello', username: 'ana', agentId: message.u._id, rid }],
  })
})

test('4.4 has null contacts and no rid', async () => {
  const { receiver, rocketchat } = await startPair({ profile: '4.4' })
  await rocketchat.say(await openRoom(rocketchat), 'hello')
  const { body } = last(receiver)
  expect(body).toMatchObject({ visitor: { phone: null, email: null } })
  expect(body.messages[0]).not.toHaveProperty('rid')
})

describe('switches', () => {
  test("a visitor's text comes only when asked for, without agentId", async () => {
    const { receiver, rocketchat } = await startPair()
    const rid = await openRoom(rocketchat)
    const say = () => call(rocketchat, 'POST', 'message', { rid, token: 'eva', msg: 'hi' })
    await say()
    await rocketchat.webhooksSettled()
    expect(receiver.types()).toEqual(['LivechatSessionTaken'])
    rocketchat.settings.Livechat_webhook_on_visitor_message = true
    await say()
    await rocketchat.webhooksSettled()
    expect(last(receiver).body.messages[0]).not.toHaveProperty('agentId')
  })

  test.each([
    [true, []],
    [false, ['LivechatSessionTaken']],
  ])('"chat taken" set to %s, where it is inverted', async (on, types) => {
    const settings = { chatTakenInverted: true, Livechat_webhook_on_chat_taken: on }
    const { receiver, rocketchat } = await startPair({ settings })
    await openRoom(rocketchat)
    await rocketchat.webhooksSettled()
    expect(receiver.types()).toEqual(types)
  })

  test('a system message is told to nobody', async () => {
    const { receiver, rocketchat } = await startPair({ settings: { Livechat_webhook_on_chat_taken: false } })
    rocketchat.systemMessage(await openRoom(rocketchat))
    await rocketchat.webhooksSettled()
    expect(receiver.received).toEqual([])
  })

  test('the offline form names no room', async () => {
    const { receiver, rocketchat } = await startPair({ settings: { Livechat_webhook_on_offline_msg: true } })
    await call(rocketchat, 'POST', 'offline.message', { name: 'E', email: 'e@x.org', message: 'm' })
    await rocketchat.webhooksSettled()
    expect(last(receiver).body).toMatchObject({ type: 'LivechatOfflineMessage', message: 'm' })
    expect(last(receiver).body).not.toHaveProperty('_id')
  })
})

test.each(profiles)('%s ends a conversation its own way', async profile => {
  const { receiver, rocketchat } = await startPair({ profile })
  const rid = await openRoom(rocketchat)
  await rocketchat.say(rid, 'hello')
  await rocketchat.webhooksSettled()
  const before = receiver.received.length
  await rocketchat.close(rid, { comment: 'bye' })
  await rocketchat.webhooksSettled()
  const isMessage = ['4.4', '6.4'].includes(profile)
  expect(receiver.types().slice(before)).toEqual(
    isMessage ? ['Message', 'LivechatSession'] : ['LivechatSession'],
  )
  const { body } = last(receiver)
  expect(body).toMatchObject({ closer: 'user', closedBy: { username: 'ana' }, servedBy: { username: 'ana' } })
  expect(body.messages).toMatchObject([{ msg: 'hello' }, { msg: 'bye', closingMessage: true }])
})

test('an edit comes again with the same id and the new text', async () => {
  const { receiver, rocketchat } = await startPair()
  const { _id } = await rocketchat.say(await openRoom(rocketchat), 'helo')
  await rocketchat.editMessage(_id, 'hello')
  await rocketchat.webhooksSettled()
  expect(last(receiver).body.messages).toMatchObject([{ _id, msg: 'hello', editedAt: expect.any(String) }])
})

test('a forward to an agent is Taken and Forwarded', async () => {
  const { receiver, rocketchat } = await startPair({ profile: '6.14' })
  await rocketchat.forward(await openRoom(rocketchat), { agent: 'luis' })
  expect(receiver.types().slice(1)).toEqual(['LivechatSessionTaken', 'LivechatSessionForwarded'])
  expect(last(receiver).body).toMatchObject({
    servedBy: { username: 'luis' },
    oldServedBy: { username: 'ana' },
  })
})

test('a forward to a department routes anew', async () => {
  const { receiver, rocketchat } = await startPair({ profile: '6.14' })
  const rid = await openRoom(rocketchat)
  const old = rocketchat.state.rooms.get(rid)?.departmentId
  await rocketchat.forward(rid, { department: 'GTM_HIV_GENERAL' })
  const types = ['LivechatSessionQueued', 'LivechatSessionTaken', 'LivechatSessionForwarded']
  expect(receiver.types().slice(1)).toEqual(types)
  expect(last(receiver).body).toMatchObject({ oldDepartmentId: old })
})

test('a room waits for an agent where routing is manual', async () => {
  const settings = { Livechat_Routing_Method: 'Manual_Selection' } as const
  const { receiver, rocketchat } = await startPair({ profile: '6.14', settings })
  const rid = await openRoom(rocketchat)
  expect(receiver.types()).toEqual(['LivechatSessionQueued'])
  expect(last(receiver).body).not.toHaveProperty('agent')
  await rocketchat.takeRoom(rid, 'luis')
  expect(last(receiver).body).toMatchObject({ type: 'LivechatSessionTaken', agent: { username: 'luis' } })
  await expect(rocketchat.takeRoom(rid)).rejects.toThrow('error-inquiry-already-taken')
})

type Try = [profile: Profile, statuses: number[], attempts: number]
test.each<Try>([
  ['4.4', [204], 1],
  ['4.4', [404, 500], 3],
  ['6.4', [500], 1],
  ['6.14', [204, 404, 500], 4],
  ['6.14', Array(20).fill(500), 10],
  ['7.11', [204], 1],
  ['7.11', [404], 1],
  ['7.11', [429, 500], 3],
  ['8.8', Array(20).fill(500), 5],
])('%s, answered %j, tries %i times', async (profile, statuses, attempts) => {
  const { receiver, rocketchat } = await startPair({
    profile,
    settings: { Livechat_webhook_on_chat_taken: false, Livechat_webhook_on_chat_queued: false },
  })
  const rid = await openRoom(rocketchat)
  receiver.statuses = statuses
  await rocketchat.say(rid, 'hello')
  await rocketchat.webhooksSettled()
  expect(rocketchat.state.webhooks).toMatchObject([{ type: 'Message', attempts }])
  expect(receiver.received).toHaveLength(attempts)
})

test('a receiver slower than the timeout is called again', async () => {
  const { receiver, rocketchat } = await startPair({ settings: { Livechat_http_timeout: 50 } })
  const rid = await openRoom(rocketchat)
  await rocketchat.webhooksSettled()
  const { promise, resolve } = Promise.withResolvers<void>()
  receiver.hold = promise
  await rocketchat.say(rid, 'hello')
  await vi.waitUntil(() => receiver.received.length > 2)
  resolve()
  await rocketchat.webhooksSettled()
  expect(receiver.received.at(1)?.body).toEqual(receiver.received.at(2)?.body)
  expect(rocketchat.state.webhooks.at(-1)).toMatchObject({ status: 200 })
})

test('a receiver out of reach is tried five times', async () => {
  const rocketchat = await startWorkspace({ webhook: { url: 'http://127.0.0.1:9/' } })
  await openRoom(rocketchat)
  await rocketchat.webhooksSettled()
  expect(rocketchat.state.webhooks).toMatchObject([{ status: 0, attempts: 5 }])
})

test.each<[Profile, string, string | undefined]>([
  ['4.4', '{"data":"x"}', 'x'],
  ['4.4', '{"other":"x"}', undefined],
  ['8.8', '{"other":"x"}', '{"other":"x"}'],
])('%s keeps of the answer %s', async (profile, says, kept) => {
  const { receiver, rocketchat } = await startPair({ profile })
  receiver.says = says
  const rid = await openRoom(rocketchat)
  await rocketchat.webhooksSettled()
  await rocketchat.say(rid, 'hello')
  await rocketchat.webhooksSettled()
  expect(last(receiver).body.crmData).toBe(kept)
})

test('the test call has no token and is answered at once', async () => {
  const { receiver, rocketchat } = await startPair()
  expect(await rocketchat.sendTestCall()).toBe(200)
  const { body } = last(receiver)
  expect(body).toMatchObject({ type: 'LivechatSession', _id: 'fasd6f5a4sd6f8a4sdf', visitor: { _id: '' } })
  expect(body.visitor).not.toHaveProperty('token')
  receiver.statuses = [202]
  expect(await rocketchat.sendTestCall()).toBe(202)
})

describe('faults on webhooks', () => {
  const texts = ({ received }: Receiver) =>
    received.flatMap(({ body }) => body.messages.map(({ msg }) => msg))

  test.each([
    ['duplicate', ['one', 'one', 'two']],
    ['drop', ['two']],
    ['reorder', ['two', 'one']],
  ] as const)('%s', async (kind, expected) => {
    const { receiver, rocketchat } = await startPair({ settings: { Livechat_webhook_on_chat_taken: false } })
    const rid = await openRoom(rocketchat)
    rocketchat.faults.add({ kind, route: 'Message', times: 1 })
    await rocketchat.say(rid, 'one')
    if (kind !== 'reorder') await rocketchat.webhooksSettled()
    await rocketchat.say(rid, 'two')
    await rocketchat.webhooksSettled()
    expect(texts(receiver)).toEqual(expected)
  })
})
