import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { call, chat, connect, enter, init, settled, startServer } from './chat-server-kit.ts'

const quiet = { routing: 'on-request' } as const

describe.each([4, 2] as const)('protocol %i', protocol => {
  describe.each(['polling', 'websocket'])('by %s', transport => {
    /** A connector in a conversation, which counts its connections and keeps the reasons of their ends. */
    async function startJoined() {
      const server = await startServer({ protocol, settings: quiet })
      const connector = await connect(server, { transports: [transport] }, protocol)
      const reasons: string[] = []
      let connects = 1
      connector.socket.on('disconnect', reason => reasons.push(reason))
      connector.socket.on('connect', () => {
        connects += 1
      })
      const ids = await enter(server, connector)
      await connector.hears(2)
      const isBack = () => until('it is back', () => connects > 1 && connector.socket.connected)
      const members = () => server.conversationOf(ids.conversationId)?.members.size
      return { server, connector, reasons, ids, isBack, members }
    }

    test('a drop by the server keeps it away until it is called', async () => {
      const { server, connector, reasons, isBack, members } = await startJoined()
      server.drop('server', connector.socket.id)
      await until('it is gone', () => connector.socket.disconnected)
      expect(reasons).toEqual(['io server disconnect'])
      expect(connector.socket.active ?? false).toBe(false)
      connector.socket.connect()
      await isBack()
      expect(members()).toBe(0)
    })

    test('a cut line brings it back with another id and no rooms', async () => {
      const { server, connector, reasons, ids, isBack, members } = await startJoined()
      const { id } = connector.socket
      server.drop('transport')
      await isBack()
      expect(reasons[0]).toMatch(/^transport (close|error)$/)
      expect(connector.socket.id).not.toBe(id)
      await until('the room is empty', () => members() === 0)
      connector.socket.emit('sendMessage', chat(ids, 'too early'))
      await settled(server, connector)
      expect(server.state.lost).toMatchObject([{ reason: 'not-joined' }])
    })

    test('a pause cuts and refuses, and a restart keeps or loses what was', async () => {
      const { server, connector, reasons, ids, isBack } = await startJoined()
      await server.pause()
      await until('it is gone', () => connector.socket.disconnected)
      await expect(init(server)).rejects.toThrow('fetch failed')
      await server.resume()
      await isBack()
      expect(reasons[0]).toMatch(/^transport (close|error)$/)
      connector.socket.emit('joinConversation', ids)
      await connector.hears(4)
      await server.restart()
      await until('it is gone and back', () => reasons.length === 2 && connector.socket.connected)
      connector.socket.emit('joinConversation', ids)
      await connector.hears(6)
      expect(server.conversationOf(ids.conversationId)?.joins).toBe(3)
      await server.restart({ keepsState: false })
      await until('it is gone and back', () => reasons.length === 3 && connector.socket.connected)
      connector.socket.emit('joinConversation', ids)
      await settled(server, connector)
      expect(connector.heard).toHaveLength(6)
    })
  })
})

test('forgetting leaves the sockets, and nobody in a room', async () => {
  const server = await startServer({ settings: quiet })
  const connector = await connect(server)
  const ids = await enter(server, connector)
  await connector.hears(2)
  server.forget()
  connector.socket.emit('sendMessage', chat(ids, 'hello'))
  connector.socket.emit('joinConversation', ids)
  await settled(server, connector)
  expect([connector.heard.length, connector.socket.connected]).toEqual([2, true])
  expect(server.state.lost).toMatchObject([{ reason: 'unknown-conversation' }])
})

test('junk of every kind arrives as it is', async () => {
  const server = await startServer({ settings: quiet })
  const connector = await connect(server)
  const { conversationId } = await enter(server, connector)
  await connector.hears(2)
  const sent = server.sendJunk(conversationId)
  await connector.hears(2 + sent)
  const payloads: unknown[] = connector.heard.slice(2).map(({ payload }) => payload)
  expect(payloads).toEqual(
    expect.arrayContaining([null, 42, 'text', [], {}, expect.objectContaining({ type: 7 })]),
  )
  const levitating = { type: 'ActivityMessage', conversationId, activityType: 'levitating' }
  expect(payloads).toContainEqual(expect.objectContaining(levitating))
  expect(new Set(connector.heard.map(({ event }) => event))).toEqual(
    new Set(['conversationInfo', 'messageArrived', 'levitate']),
  )
})

test('the port can be taken down for a time over HTTP, sockets and all', async () => {
  const server = await startServer({ settings: quiet })
  const connector = await connect(server, { transports: ['websocket'] })
  const { id } = connector.socket
  await call(server, 'POST', '/__faults/down', { ms: 50 })
  await until('it is back under another id', () => connector.socket.connected && connector.socket.id !== id)
})

test('stopping a paused server', async () => {
  const server = await startServer()
  await connect(server)
  await server.pause()
  await server.stop()
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
})
