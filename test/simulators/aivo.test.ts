import { describe, expect, onTestFinished, test } from 'vitest'
import { type Aivo, type Settings, startAivo } from '../../simulators/aivo/index.ts'

const HASH = '3f2504e04f8911d39a0c0305e82c3301'
const USER = {
  hash: HASH,
  firstname: 'Ada',
  lastname: 'Example',
  email: 'ada@example.org',
  phone: '593990001234',
  extra: [],
}
const BODY = {
  botId: 1000,
  groupsId: [2179],
  botToken: 'simulated-bot-token',
  protocolId: 28,
  user: USER,
  status: 'queued',
  lastSender: 'user',
}

async function start(settings: Partial<Settings> = {}): Promise<Aivo> {
  const aivo = await startAivo({ settings })
  onTestFinished(() => aivo.stop())
  return aivo
}

type Answer = { status: number; body: Record<string, unknown> }

async function post(aivo: Aivo, path: string, body: unknown): Promise<Answer> {
  const place = path.startsWith('/') ? path : `/conversations/${path}`
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(aivo.url + place, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

async function queue(aivo: Aivo): Promise<string> {
  const { body } = await post(aivo, 'queue/external', BODY)
  return String(body.conversationId)
}

const item = (change: object = {}) => ({ action: 'text', value: 'Hello', source: 'user', ...change })
const says = (...message: unknown[]) => ({ message })

describe('queue/external', () => {
  test.each(['/api/v1/live-handler', '/conversations'])('queues under %s', async prefix => {
    const aivo = await start()
    const { status, body } = await post(aivo, `${prefix}/queue/external`, BODY)
    expect(status).toBe(200)
    expect(body).toEqual({
      conversationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customToken: 'token',
      messageQueueId: 0,
      notAttended: 0,
    })
    expect([...aivo.state.conversations.values()]).toMatchObject([
      { id: body.conversationId, hash: HASH, group: 2179, state: 'queued', lines: [] },
    ])
  })

  test.each([
    ['what the sample has beside it', { username: null, picture: null, email: null, phone: null }],
    ['a list of extras', { extra: [{ Ticket: 2024 }, { age: '34', vip: true }] }],
    ['an object of extras', { extra: { Ticket: 2024 } }],
  ])('takes %s', async (_label, change) => {
    const { status } = await post(await start(), 'queue/external', { ...BODY, user: { ...USER, ...change } })
    expect(status).toBe(200)
  })

  test.each([
    ['a bot in quotes', { botId: '1000' }, 400],
    ['another bot', { botId: 1001 }, 401],
    ['no token', { botToken: '' }, 400],
    ['another token', { botToken: 'x' }, 401],
    ['a group in quotes', { groupsId: ['2179'] }, 400],
    ['a group that is no list', { groupsId: 2179 }, 400],
    ['no group', { groupsId: [] }, 400],
    ['an unknown group', { groupsId: [7] }, 404],
    ['the protocol of the sample', { protocolId: 1 }, 400],
    ['another status', { status: 'open' }, 400],
    ['another sender', { lastSender: 'agent' }, 400],
    ['no user', { user: undefined }, 400],
    ['a hash with _', { user: { ...USER, hash: 'a_b' } }, 400],
    ['a hash with -', { user: { ...USER, hash: 'a-b' } }, 400],
    ['no hash', { user: { ...USER, hash: undefined } }, 400],
    ['no first name', { user: { ...USER, firstname: '' } }, 400],
    ['an empty e-mail', { user: { ...USER, email: '' } }, 400],
    ['a phone with +', { user: { ...USER, phone: '+593' } }, 400],
    ['extras further in', { user: { ...USER, extra: [{ a: { b: 1 } }] } }, 400],
    ['extras that are none', { user: { ...USER, extra: ['a'] } }, 400],
    ['unknown keys', { group: 1 }, 400],
  ])('refuses %s', async (_label, change, status) => {
    const aivo = await start()
    const answer = await post(aivo, 'queue/external', { ...BODY, ...change })
    expect(answer).toEqual({ status, body: { error: expect.any(String) } })
    expect(aivo.state.conversations.size).toBe(0)
  })

  test('takes either protocol when it is lax, and no third', async () => {
    const aivo = await start({ protocol: 'lax' })
    const statuses = [28, 1, 2].map(
      async protocolId => (await post(aivo, 'queue/external', { ...BODY, protocolId })).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 200, 400])
  })

  test('can forget to name the conversation', async () => {
    const { status, body } = await post(await start({ withoutId: true }), 'queue/external', BODY)
    expect([status, body.conversationId]).toEqual([200, undefined])
  })

  test('fails as a fault says, and remembers what it was asked', async () => {
    const aivo = await start()
    aivo.faults.add({ kind: 'server-error', route: '*/queue/external', times: 1 })
    const answer = await fetch(`${aivo.url}/conversations/queue/external`, { method: 'POST' })
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal Server Error'])
    await queue(aivo)
    expect(aivo.state.requests.map(({ status }) => status)).toEqual([500, 200])
    expect(aivo.state.requests[1]).toMatchObject({ path: '/conversations/queue/external', body: BODY })
  })
})

describe('client/message', () => {
  test('keeps what was said, in order, attended or not', async () => {
    const aivo = await start()
    const id = await queue(aivo)
    await post(aivo, `${id}/client/message`, says(item(), item({ value: 'again' })))
    await aivo.drivers.attended(id)
    const picture = item({ action: 'image', value: 'https://m.example.org/1' })
    const answer = await post(aivo, `/api/v1/live-handler/${id}/client/message`, says(picture))
    expect(answer.status).toBe(200)
    expect(aivo.linesOf(id).map(({ by, value }) => [by, value])).toEqual([
      ['client', 'Hello'],
      ['client', 'again'],
      ['client', 'https://m.example.org/1'],
    ])
  })

  test.each([
    ['no list', { message: item() }],
    ['nothing', says()],
    ['another action', says(item({ action: 'audio' }))],
    ['no value', says(item({ value: '' }))],
    ['a value that is none', says(item({ value: 7 }))],
    ['a file without an address', says(item({ action: 'file', value: 'plan.pdf' }))],
    ['a picture from nowhere', says(item({ action: 'image', value: 'cid:1' }))],
    ['an agent’s words', says(item({ source: 'agent' }))],
    ['unknown keys', says(item({ name: 'x' }))],
  ])('refuses %s', async (_label, body) => {
    const aivo = await start()
    const id = await queue(aivo)
    expect((await post(aivo, `${id}/client/message`, body)).status).toBe(400)
    expect(aivo.linesOf(id)).toEqual([])
  })

  test('knows a conversation by its id alone', async () => {
    const aivo = await start()
    await queue(aivo)
    for (const id of [HASH, 'x'])
      expect((await post(aivo, `${id}/client/message`, says(item()))).status).toBe(404)
  })

  test('can want an agent first', async () => {
    const aivo = await start({ attendedFirst: true })
    const id = await queue(aivo)
    expect((await post(aivo, `${id}/client/message`, says(item()))).status).toBe(409)
    await aivo.drivers.attended(id)
    expect((await post(aivo, `${id}/client/message`, says(item()))).status).toBe(200)
  })

  test.each([400, 404, 409, 410] as const)('answers %i once it is closed', async closedStatus => {
    const aivo = await start({ closedStatus })
    const id = await queue(aivo)
    await aivo.drivers.close(id)
    expect((await post(aivo, `${id}/client/message`, says(item()))).status).toBe(closedStatus)
  })
})

describe('closing as the client', () => {
  test('is unknown, until there is a path', async () => {
    const aivo = await start()
    const id = await queue(aivo)
    expect((await post(aivo, `${id}/client/close`, {})).status).toBe(404)
    aivo.settings.closePath = 'client/close'
    expect((await post(aivo, `${id}/client/close`, {})).status).toBe(200)
    expect((await post(aivo, `${id}/client/close`, {})).status).toBe(409)
    expect((await post(aivo, 'x/client/close', {})).status).toBe(404)
  })
})
