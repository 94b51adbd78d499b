import { describe, expect, onTestFinished, test } from 'vitest'
import { type ChatServerOptions, startChatServer } from '../../simulators/chat-server/index.ts'
import { until } from '../support/until.ts'
import {
  call,
  chat,
  connect,
  enter,
  init,
  type Json,
  listen,
  settled,
  startServer,
} from './chat-server-kit.ts'

const arrival = ['info', 'greetings', 'handOff', 'participantAdded', 'participantJoined']

describe.each([4, 2] as const)('protocol %i', protocol => {
  test.each(['polling', 'websocket'])('a conversation by %s', async transport => {
    const server = await startServer({ protocol })
    const eva = await connect(server, { transports: [transport] }, protocol)
    eva.socket.emit('registerConnector', { id: 'web', name: 'Web', channel: 'web' })
    const ids = await enter(server, eva)
    expect(await eva.hears(5)).toEqual(arrival)
    eva.socket.emit('sendMessage', chat(ids, 'hello'))
    await settled(server, eva)
    server.say(ids.conversationId, 'good day')
    server.end(ids.conversationId)
    expect((await eva.hears(7)).slice(5)).toEqual(['good day', 'endOfConversation'])
    expect(server.said(ids.conversationId)).toMatchObject([
      { by: 'customer', name: 'Eva Luna', text: 'hello' },
      { by: 'agent', name: 'Luis', text: 'good day' },
    ])
    expect(server.state.lost).toEqual([])
  })

  test.each(['auth', 'query'])('credentials in %s', async place => {
    const server = await startServer({ protocol, settings: { auth: { token: 'secret' } } })
    const right = { [place]: { token: 'secret' } }
    const stranger = listen(server, { [place]: { token: 'guess' } }, protocol)
    const refused = new Promise(resolve =>
      stranger.socket.on(protocol === 4 ? 'connect_error' : 'error', (error: unknown) =>
        resolve(error instanceof Error ? error.message : error),
      ),
    )
    expect(await refused).toBe('unauthorized')
    const isRead = place === (protocol === 4 ? 'auth' : 'query')
    if (isRead) await connect(server, right, protocol)
    expect(server.state.events.filter(({ kind }) => kind === 'connected')).toHaveLength(isRead ? 1 : 0)
  })

  test('a header that REST and the handshake must carry', async () => {
    const accessHeader = { name: 'X-Key', value: 'k' }
    const server = await startServer({ protocol, settings: { accessHeader } })
    const extraHeaders = { 'X-Key': 'k' }
    expect([(await init(server)).status, (await init(server, undefined, extraHeaders)).status]).toEqual([
      401, 200,
    ])
    const handshake = `/socket.io/?transport=polling&EIO=${protocol === 4 ? 4 : 3}`
    expect((await call(server, 'GET', handshake)).status).toBe(403)
    const transportOptions = { polling: { extraHeaders }, websocket: { extraHeaders } }
    await connect(server, { extraHeaders, transportOptions }, protocol)
  })

  test('another path', async () => {
    const server = await startServer({ protocol, path: '/chat/socket.io' })
    expect((await call(server, 'GET', '/socket.io/?transport=polling&EIO=4')).status).toBe(404)
    await connect(server, { path: '/chat/socket.io' }, protocol)
  })

  test('the clock can be set', async () => {
    const now = () => Date.parse('2024-05-01T10:00:00.000Z')
    const server = await startServer({ protocol, now })
    expect((await init(server)).body.timestamp).toBe('2024-05-01T10:00:00.000Z')
  })

  test('stopping leaves nothing open', async () => {
    const server = await startChatServer({ protocol })
    onTestFinished(() => server.stop())
    const eva = await connect(server, { transports: ['websocket'] }, protocol)
    const slow = await connect(server, { transports: ['polling'] }, protocol)
    await server.stop()
    await until('both are cut off', () => !eva.socket.connected && !slow.socket.connected)
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })
})

test.each<[string, ChatServerOptions, 4 | 2]>([
  ['4', { protocol: 2 }, 4],
  ['2', { protocol: 4 }, 2],
])('a client of protocol %s cannot talk to the other', async (_name, options, protocol) => {
  const server = await startServer(options)
  const { socket } = listen(server, {}, protocol)
  const failed = new Promise(resolve => socket.on('connect_error', resolve))
  await failed
  expect(socket.connected).toBe(false)
})

test('a server of protocol 4 can let old clients in', async () => {
  const server = await startServer({ allowEIO3: true })
  await connect(server, {}, 2)
})

describe('routing', () => {
  const start = ['info', 'greetings']
  test.each([
    ['agent-joins', arrival],
    ['hand-off', [...start, 'handOff']],
    ['no-agent', [...start, 'noAgentAvailable']],
    ['on-request', start],
  ] as const)('%s', async (routing, course) => {
    const server = await startServer({ settings: { routing } })
    const eva = await connect(server)
    const { conversationId } = await enter(server, eva)
    await eva.hears(course.length)
    eva.socket.emit('requestAgentTransfer', { conversationId })
    await settled(server, eva)
    if (routing !== 'on-request') expect(eva.course()).toEqual(course)
    else expect(await eva.hears(5)).toEqual(arrival)
  })
})

test('every event is on record, both ways, with its socket', async () => {
  const server = await startServer({ settings: { routing: 'on-request' } })
  const eva = await connect(server, { query: { who: 'eva' } })
  const ids = await enter(server, eva)
  await eva.hears(2)
  const { id } = eva.socket
  eva.socket.close()
  await until('the end is on record', () => server.state.events.at(-1)?.kind === 'disconnected')
  const course = server.state.events.map(({ kind, socket, event }) => [kind, socket, event])
  expect(course).toEqual([
    ['connected', id, ''],
    ['received', id, 'joinConversation'],
    ['sent', id, 'conversationInfo'],
    ['sent', id, 'messageArrived'],
    ['disconnected', id, expect.any(String)],
  ])
  expect(server.state.events[1]?.payload).toEqual(ids)
  expect(server.state.events[0]?.payload).toMatchObject({ who: 'eva' } satisfies Json)
})
