import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { storyOf } from './fake-link.ts'
import { startStub } from './seat-stub.ts'
import { ANA, chatOf, posted, runSeat, type SeatStage, seatAtWork, startCentre } from './seat-support.ts'

const heard = (stage: SeatStage, words: string) => until(words, () => storyOf(stage.books).includes(words))

const posts = (genesys: Parameters<typeof posted>[0], path: string) => posted(genesys, path).length

test('the feed: one handshake, both topics in one request, a connect that is held', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  await until('it is up', () => stage.link.reports.includes('connected'))
  expect(posts(genesys, '/notifications/handshake')).toBe(1)
  const ordered = posted(genesys, '/notifications').find(body =>
    JSON.stringify(body).includes('/meta/subscribe'),
  )
  expect(ordered).toMatchObject([{ subscription: '/v2/me/chats' }, { subscription: '/v2/me/interactions' }])
  expect(
    genesys.state.requests.every(({ path }) => !path.includes('notifications') || path.includes('/api/v2/')),
  ).toBe(true)
  expect(stage.logged.join('')).not.toContain('JSESSIONID')
})

test('a connect may take longer than the server holds it; nothing else may', async () => {
  const genesys = await startCentre({ connectTimeoutMs: 25_000 })
  const stage = await seatAtWork(genesys)
  const patience = (route: string) =>
    stage.sent.filter(call => call.route === route).map(call => call.timeoutMs)
  await until('a connect is held', () => patience('notifications/connect').length === 2)
  const [first, held] = patience('notifications/connect')
  expect(first).toBe(10_000)
  expect(held).toBeGreaterThan(30_000)
  expect(patience('notifications/handshake')).toEqual([10_000])
  expect(patience('me').every(ms => Number(ms) <= 5_000)).toBe(true)
})

describe('session loss (402)', () => {
  test('a new handshake, both topics again, and what was missed is heard', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentJoins(chat, ANA)
    await heard(stage, '+Ana')
    const lists = () =>
      genesys.state.requests.filter(({ path }) => path.includes('/me/interactions?fields=*')).length
    const before = lists()
    genesys.faults.add({ kind: 'drop', route: '/v2/me/chats', times: 1 })
    genesys.agentSays(chat, 'while you were away', { agent: ANA })
    genesys.dropNotifications('bot')
    await heard(stage, 'Ana: while you were away')
    expect(posts(genesys, '/notifications/handshake')).toBe(2)
    expect(genesys.subscriptionsOf('bot').sort()).toEqual(['/v2/me/chats', '/v2/me/interactions'])
    expect(lists()).toBeGreaterThan(before)
    genesys.agentSays(chat, 'and now', { agent: ANA })
    await heard(stage, 'Ana: and now')
    expect(storyOf(stage.books)).toEqual(['+Ana', 'Ana: while you were away', 'Ana: and now'])
    expect(stage.link.reports).toEqual(['connected', 'reconnecting', 'connected'])
  })

  test('also from a server that gives no advice', async () => {
    let connects = 0
    const stub = await startStub({
      bayeux: ({ channel, id = '' }) =>
        channel === '/meta/connect' && ++connects === 2
          ? { channel, id, successful: false, error: '402::Unknown client' }
          : undefined,
    })
    runSeat(stub, { url: stub.url })
    await until(
      'a second handshake',
      () => stub.frames.filter(one => one.channel === '/meta/handshake').length === 2,
    )
  })
})

describe('topics', () => {
  test.each(['/v2/me/chats', '/v2/me/interactions'] as const)('only %s is told of', async topic => {
    const other = topic === '/v2/me/chats' ? '/v2/me/interactions' : '/v2/me/chats'
    const genesys = await startCentre({ settings: { topics: [topic], refusedSubscriptions: [other] } })
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentSays(chat, 'hello', { agent: ANA })
    await heard(stage, 'Ana: hello')
    genesys.agentEnds(chat)
    await until('the end', () => {
      stage.clock.skip(500)
      return storyOf(stage.books).includes('end agent')
    })
  })

  test('both tell the same: each thing is said once', async () => {
    const genesys = await startCentre({ settings: { topics: ['/v2/me/chats', '/v2/me/interactions'] } })
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    for (const text of ['one', 'two', 'three']) genesys.agentSays(chat, text, { agent: ANA })
    await heard(stage, 'Ana: three')
    expect(storyOf(stage.books)).toEqual(['+Ana', 'Ana: one', 'Ana: two', 'Ana: three'])
    expect(stage.books.repeats).toEqual([])
  })

  test('without either the link breaks off', async () => {
    const genesys = await startCentre({
      settings: { refusedSubscriptions: ['/v2/me/chats', '/v2/me/interactions'] },
    })
    expect(await runSeat(genesys).ended).toMatchObject({ code: 'REJECTED' })
  })
})

describe.each(['both', 'uri', 'path'] as const)('chats named by %s', naming => {
  test('are known', async () => {
    const genesys = await startCentre({ settings: { naming } })
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentSays(chat, 'hello', { agent: ANA })
    await heard(stage, 'Ana: hello')
  })
})

test('a failing server is asked again', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  const chat = await chatOf(stage, genesys)
  genesys.faults.add({ kind: 'bad-gateway', route: '/api/v2/notifications/*', times: 2 })
  genesys.faults.add({ kind: 'reset-before', route: '/api/v2/notifications/*', times: 1 })
  await until('it noticed', () => stage.link.reports.includes('reconnecting'))
  genesys.agentSays(chat, 'hello', { agent: ANA })
  await heard(stage, 'Ana: hello')
})

test('a server that ends the notifications is taken up anew', async () => {
  let connects = 0
  const stub = await startStub({
    bayeux: ({ channel, id = '' }) =>
      channel === '/meta/connect' && ++connects === 2
        ? { channel, id, successful: false, error: '500::over', advice: { reconnect: 'none' } }
        : undefined,
  })
  expect(await runSeat(stub, { url: stub.url }).ended).toMatchObject({ code: 'UNREACHABLE' })
})

test('a failure that comes after its acknowledgement is logged, without anybody’s words', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  const chat = await chatOf(stage, genesys)
  genesys.failLater({ operation: 'SendMessage', statusCode: 4, statusMessage: 'my secret words' })
  await stage.seat.say(chat, 'my secret words', stage.call)
  await until('it was logged', () =>
    stage.logged.some(line => line.includes('after it had been acknowledged')),
  )
  expect(stage.logged.join('')).not.toContain('my secret words')
})
