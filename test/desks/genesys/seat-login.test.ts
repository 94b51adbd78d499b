import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { startStub } from './seat-stub.ts'
import { chatOf, posted, runSeat, seatAtWork, startCentre } from './seat-support.ts'

test('the seat logs in, says where it sits, is ready, and leaves within a second', async () => {
  const genesys = await startCentre()
  const settings = { place: 'P1', login_code: '77', queue: 'q', device_path: '/devices/d' }
  const stage = await seatAtWork(genesys, { settings })
  expect(posted(genesys, '/me').slice(0, 2)).toEqual([
    {
      operationName: 'StartContactCenterSession',
      channels: ['chat'],
      place: 'P1',
      loginCode: '77',
      queue: 'q',
      devicePath: '/devices/d',
    },
    { operationName: 'Ready' },
  ])
  const [first] = genesys.state.requests
  expect(first).toMatchObject({ method: 'GET', path: '/api/v2/me' })
  expect(first?.headers.authorization).toBe(`Basic ${Buffer.from('bot:seat-password').toString('base64')}`)
  const began = performance.now()
  await stage.stop()
  expect(performance.now() - began).toBeLessThan(1_000)
  expect(await stage.ended).toBeUndefined()
  expect(posted(genesys, '/me')).toContainEqual({ operationName: 'EndContactCenterSession' })
  expect(posted(genesys, '/notifications/disconnect')).toHaveLength(1)
  expect(genesys.state.users.get('bot')).toMatchObject({ isLoggedIn: false, isReady: false })
})

test('a desk that does not answer any more does not keep the link from leaving', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  genesys.faults.add({ kind: 'stall' })
  const began = performance.now()
  await stage.stop()
  expect(performance.now() - began).toBeLessThan(1_000)
})

describe('bad credentials stop the link for good', () => {
  test('a wrong password', async () => {
    const genesys = await startCentre()
    const stage = runSeat(genesys, { settings: { password: 'wrong' } })
    expect(await stage.ended).toMatchObject({
      code: 'MISCONFIGURED',
      message: expect.stringContaining('password'),
    })
    expect(genesys.state.requests).toHaveLength(1)
    expect(stage.isServing()).toBe(false)
    expect(stage.logged.join('')).not.toContain('wrong')
  })

  test.each([401, 403])('HTTP %i to the handshake', async status => {
    const stub = await startStub({
      bayeux: ({ channel }) => (channel === '/meta/handshake' ? status : undefined),
    })
    const stage = runSeat(stub, { url: stub.url })
    expect(await stage.ended).toMatchObject({ code: 'MISCONFIGURED' })
    expect(stub.frames.filter(({ channel }) => channel === '/meta/handshake')).toHaveLength(1)
  })

  test('HTTP 401 to every connect, although each login goes well', async () => {
    const stub = await startStub({ bayeux: ({ channel }) => (channel === '/meta/connect' ? 401 : undefined) })
    const stage = runSeat(stub, { url: stub.url })
    expect(await stage.ended).toMatchObject({ code: 'MISCONFIGURED' })
    expect(stub.frames.filter(({ channel }) => channel === '/meta/connect').length).toBeLessThanOrEqual(3)
  })

  test('a login that is refused while the feed is still good', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    for (const operation of ['Reject', '/api/v2/me'])
      genesys.failNext({ leg: 'seat', operation, answer: { statusCode: 20 } })
    await expect(stage.seat.operate('i-1', { operation: 'Reject' }, stage.call)).rejects.toMatchObject({
      code: 'MISCONFIGURED',
    })
    expect(await stage.ended).toMatchObject({ code: 'MISCONFIGURED' })
  })

  test('a handshake that is denied', async () => {
    const genesys = await startCentre({ settings: { denyHandshake: true } })
    const stage = runSeat(genesys)
    expect(await stage.ended).toMatchObject({ code: 'MISCONFIGURED' })
    expect(posted(genesys, '/notifications/handshake')).toHaveLength(1)
  })

  test('a password that was changed while the seat was at work', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const bot = genesys.state.users.get('bot')
    if (bot) bot.password = 'another'
    genesys.expireSeats('bot')
    expect(await stage.ended).toMatchObject({ code: 'MISCONFIGURED' })
  })
})

describe('what is not about credentials is only an interruption', () => {
  test.each([
    ['a failing server', () => ({ statusCode: 4 })],
    [
      'partly done, without the chat',
      () => ({ statusCode: 7, channels: [{ channel: 'chat', statusCode: 4 }] }),
    ],
    ['partly done, no more said', () => ({ statusCode: 7 })],
  ])('%s', async (_, start) => {
    const stub = await startStub({
      operate: name => (name === 'StartContactCenterSession' ? start() : undefined),
    })
    const thrown = await runSeat(stub, { url: stub.url }).ended
    expect(thrown).toMatchObject({ name: 'MediatorError', transient: true })
    expect(thrown).not.toMatchObject({ code: 'MISCONFIGURED' })
  })

  test.each([
    ['partly done, but the chat', { statusCode: 7, channels: [{ channel: 'chat', statusCode: 0 }] }],
    ['partly done, but the chat, in another form', { statusCode: 7, results: { chat: { status: 'ok' } } }],
    ['started before, by a replica that died', { statusCode: 2 }],
  ])('%s', async (_, said) => {
    const stub = await startStub({
      operate: name => (name === 'StartContactCenterSession' ? said : undefined),
    })
    const stage = runSeat(stub, { url: stub.url })
    await until('it serves', stage.isServing)
  })

  test('HTTP 401 again and again, to feeds that were good', async () => {
    let connects = 0
    const stub = await startStub({
      bayeux: ({ channel }) => (channel === '/meta/connect' && ++connects % 2 === 0 ? 401 : undefined),
    })
    const stage = runSeat(stub, { url: stub.url })
    const began = performance.now()
    await until('it is up for the fourth time', () => connects >= 7)
    // After each of them it waits a moment.
    expect(performance.now() - began).toBeGreaterThan(2_500)
    await stage.stop()
    expect(await stage.ended).toBeUndefined()
  })

  test('an answer without a user', async () => {
    const stub = await startStub({ me: () => ({ statusCode: 0 }) })
    expect(await runSeat(stub, { url: stub.url }).ended).toMatchObject({ code: 'UNEXPECTED' })
  })
})

test('two seats of one desk in one process are two strangers to it', async () => {
  const genesys = await startCentre({
    seats: [
      { userName: 'bot', password: 'seat-password' },
      { userName: 'bea', password: 'secret' },
    ],
  })
  const stages = [
    await seatAtWork(genesys),
    await seatAtWork(genesys, { settings: { user: 'bea', password: 'secret' } }),
  ]
  await chatOf(stages[0] as (typeof stages)[0], genesys)
  for (const stage of stages) await stage.seat.operate('i-1', { operation: 'Reject' }, stage.call)
  const cookies = new Map<string, Set<string>>()
  for (const { headers, status } of genesys.state.requests) {
    expect(status ?? 200).not.toBe(401)
    const id = /JSESSIONID=(\w+)/.exec(String(headers.cookie))?.[1]
    const who = String(headers.authorization)
    if (id) cookies.set(who, (cookies.get(who) ?? new Set()).add(id))
  }
  const [first, second] = [...cookies.values()].map(ids => [...ids])
  expect(cookies.size).toBe(2)
  expect(first).toHaveLength(1)
  expect(second).toHaveLength(1)
  expect(first).not.toEqual(second)
})

test('no global is made, not even for a while', async () => {
  const before = Object.getOwnPropertyNames(globalThis)
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  await chatOf(stage, genesys)
  const seen = new Set<string>()
  for (let turn = 0; turn < 50; turn++) {
    for (const name of Object.getOwnPropertyNames(globalThis)) seen.add(name)
    await new Promise(resolve => setImmediate(resolve))
  }
  await stage.stop()
  expect([...seen].filter(name => !before.includes(name))).toEqual([])
})
