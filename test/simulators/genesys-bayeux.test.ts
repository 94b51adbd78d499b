import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { createFeed, createSeat, startCentre, startListening } from './genesys-kit.ts'

const chats = '/v2/me/chats'
const interactions = '/v2/me/interactions'

test.each([true, false])('handshake, subscription and goodbye (suffixes in the path: %s)', async suffixes => {
  const seat = createSeat(await startCentre({ connectTimeoutMs: 20 }))
  const feed = createFeed(seat, suffixes)
  expect(await feed.handshake()).toMatchObject({
    channel: '/meta/handshake',
    successful: true,
    version: '1.0',
    supportedConnectionTypes: ['long-polling'],
    advice: { reconnect: 'retry', interval: 0, timeout: 20 },
  })
  expect([...seat.jar.keys()]).toEqual(['JSESSIONID', 'AWSELB', 'BAYEUX_BROWSER'])
  expect(await feed.subscribe(chats, interactions)).toMatchObject([{ successful: true }])
  expect(await feed.connect()).toMatchObject({ successful: true })
  expect(await feed.disconnect()).toMatchObject([{ successful: true }])
  const gone = { successful: false, error: '402::session_unknown', advice: { reconnect: 'handshake' } }
  expect(await feed.connect()).toMatchObject(gone)
})

test('a session belongs to its cookie', async () => {
  const seat = createSeat(await startCentre())
  const feed = createFeed(seat)
  await feed.handshake()
  seat.jar.delete('BAYEUX_BROWSER')
  expect(await feed.connect(0)).toMatchObject({ successful: false, error: '402::session_unknown' })
})

test.each([[[]], [{}], [[{}]], [[{ channel: 'x' }]], [[{ channel: '/meta/subscribe', subscription: 'x' }]]])(
  '%j is no Bayeux',
  async body => {
    const seat = createSeat(await startCentre())
    expect(await seat.ask('POST', '/notifications', body)).toMatchObject({ status: 400 })
  },
)

test('handshakes and subscriptions can be refused, and nobody may publish', async () => {
  const { genesys, feed } = await startListening({ settings: { refusedSubscriptions: [interactions] } })
  const denied = { successful: false, error: '403::subscribe_denied' }
  expect(await feed.subscribe(interactions)).toMatchObject([denied])
  expect(genesys.subscriptionsOf('bot')).toEqual([chats])
  await feed.publish(chats)
  expect(feed.frames).toMatchObject([{ channel: chats, successful: false, error: '403::publish_denied' }])
  genesys.settings.denyHandshake = true
  const advice = { reconnect: 'none' }
  expect(await feed.handshake()).toMatchObject({ successful: false, error: '403::handshake_denied', advice })
})

test('notifications come twice, late or not at all where that is planted', async () => {
  const { genesys, feed, start } = await startListening()
  genesys.faults.add({ kind: 'duplicate', route: chats, times: 1 })
  start()
  expect(await feed.take()).toHaveLength(2)
  genesys.faults.add({ kind: 'drop', route: chats, times: 1 })
  start()
  expect(await feed.take()).toEqual([])
  genesys.faults.add({ kind: 'reorder', route: chats, times: 1 })
  const ids = [start(), start()].map(({ interactionId }) => interactionId)
  const frames = await feed.take()
  expect(frames.map(({ data }) => (data.chat as { id: string }).id)).toEqual(ids.reverse())
})

test('only the seat that is meant hears it, and only on what it has subscribed to', async () => {
  const seats = ['bot', 'bot2'].map(userName => ({ userName, password: 'seat-password' }))
  const { genesys, feed, start } = await startListening({ seats })
  const other = createFeed(createSeat(genesys, 'bot2'))
  await other.open(chats)
  const deaf = createFeed(createSeat(genesys))
  await deaf.open('/v2/me/calls')
  start()
  expect(await feed.take()).toHaveLength(1)
  expect(await other.take()).toEqual([])
  expect(await deaf.take()).toEqual([])
})

test('a held connect is answered as soon as there is something', async () => {
  const { genesys, feed, start } = await startListening()
  const held = feed.connect()
  await until('the connect is held', () => genesys.state.requests.at(-1)?.path.endsWith('/connect'))
  const { interactionId: id } = start()
  expect(await held).toMatchObject({ successful: true })
  expect(feed.frames).toMatchObject([{ data: { chat: { id } } }])
})

test('lost sessions: 402, at once where a connect is held, and what waited is gone', async () => {
  const { genesys, feed, start } = await startListening()
  const unknown = { successful: false, error: '402::session_unknown', advice: { reconnect: 'handshake' } }
  const held = feed.connect()
  await until('the connect is held', () => genesys.state.requests.at(-1)?.path.endsWith('/connect'))
  genesys.dropNotifications()
  expect(await held).toMatchObject(unknown)
  expect(await feed.connect()).toMatchObject(unknown)
  expect(genesys.subscriptionsOf('bot')).toEqual([])
  await feed.open(chats)
  start()
  genesys.dropNotifications('bot')
  expect(await feed.connect()).toMatchObject(unknown)
  expect(feed.frames).toEqual([])
})

test('with its login a seat loses its session here', async () => {
  const { genesys, seat, feed } = await startListening()
  genesys.expireSeats()
  const refused = await seat.ask('POST', '/notifications', [{ channel: '/meta/connect' }])
  expect(refused).toMatchObject({ status: 401, body: { statusCode: 20 } })
  expect(await feed.connect()).toMatchObject({ error: '402::session_unknown' })
})

test('a session nobody asks for ends by itself', async () => {
  const { genesys } = await startListening({ maxIntervalMs: 1 })
  await until('the session is gone', () => genesys.subscriptionsOf('bot').length === 0)
})

test('a centre stops while a connect is held', async () => {
  const { genesys, feed } = await startListening()
  const held = feed.connect().catch(() => 'cut')
  await until('the connect is held', () => genesys.state.requests.at(-1)?.path.endsWith('/connect'))
  await genesys.stop()
  expect(await held).toBeTruthy()
})
