import { describe, expect, test } from 'vitest'
import type { Settings } from '../../simulators/chat-server/index.ts'
import { chat, connect, eva, init, type Json, settled, startJoined, startServer } from './chat-server-kit.ts'

describe('sendMessage', () => {
  test('before the join is lost, without a word', async () => {
    const server = await startServer({ settings: { routing: 'on-request' } })
    const connector = await connect(server)
    const { body } = await init(server)
    const ids = {
      conversationId: String(body.conversationId),
      ...(body.participant as { id: string; name: string }),
    }
    const answers: unknown[] = []
    connector.socket.emit('sendMessage', chat(ids, 'too early'), (answer: unknown) => answers.push(answer))
    await settled(server, connector)
    const lost = { socket: connector.socket.id, reason: 'not-joined', payload: { text: 'too early' } }
    expect(server.state.lost).toMatchObject([lost])
    expect([answers, server.said(eva.phone)]).toEqual([[], []])
  })

  test.each<[string, Json]>([
    ['unknown-conversation', { conversationId: 'c-0' }],
    ['wrong-sender', { from: { id: 'p-0', name: 'Eva' } }],
    ['malformed', { text: '' }],
    ['malformed', { text: 5 }],
    ['malformed', { from: 'eva' }],
    ['malformed', { to: 'luis' }],
    ['malformed', { type: 'Message' }],
    ['malformed', { type: 'ActivityMessage' }],
    ['malformed', { timestamp: 'now' }],
    ['malformed', { attachments: [{ type: 'image/png', name: 'a.png', contentUrl: 'a.png' }] }],
    ['malformed', { attachments: [{ contentUrl: 'https://a.b/c' }] }],
  ])('%s: %j', async (reason, more) => {
    const { server, connector, ids } = await startJoined()
    connector.socket.emit('sendMessage', { ...chat(ids, 'hello'), ...more })
    await settled(server, connector)
    expect(server.state.lost).toMatchObject([{ reason }])
    expect(server.said(ids.conversationId)).toEqual([])
  })

  test.each(['text', 7, null, []])('%j is malformed', async payload => {
    const { server, connector } = await startJoined()
    connector.socket.emit('sendMessage', payload)
    await settled(server, connector)
    expect(server.state.lost).toEqual([{ socket: connector.socket.id, reason: 'malformed', payload }])
  })

  test('after the end is lost', async () => {
    const { server, connector, ids, key } = await startJoined()
    server.end(key)
    connector.socket.emit('sendMessage', chat(ids, 'wait'))
    await settled(server, connector)
    expect(server.state.lost).toMatchObject([{ reason: 'ended' }])
  })

  test.each<[Settings['sendAck'], unknown[], string[]]>([
    ['ok', [{ status: 'ok' }], []],
    ['none', [], []],
    ['error', [{ error: 'refused' }], ['refused']],
  ])('acknowledged with %s', async (sendAck, acks, lost) => {
    const { server, connector, ids, key } = await startJoined({ sendAck })
    const answers: unknown[] = []
    connector.socket.emit('sendMessage', chat(ids, 'hello'), (answer: unknown) => answers.push(answer))
    await settled(server, connector)
    const [entry] = server.state.events.filter(({ event }) => event === 'sendMessage')
    expect(entry?.acked).toEqual(acks.length ? acks : undefined)
    server.handOff(key)
    await connector.hears(3)
    expect([answers, server.state.lost.map(({ reason }) => reason)]).toEqual([acks, lost])
    expect(server.said(key)).toHaveLength(sendAck === 'error' ? 0 : 1)
  })

  test.each([true, false])('echoes: %s; other sockets in the room get it', async echoes => {
    const { server, connector, ids, key } = await startJoined({ echoes })
    const other = await connect(server)
    other.socket.emit('joinConversation', ids)
    await other.hears(2)
    connector.socket.emit('sendMessage', chat(ids, 'hello'))
    connector.socket.emit('sendMessage', {
      ...chat(ids, ''),
      type: 'ActivityMessage',
      activityType: 'typing',
    })
    expect((await other.hears(4)).slice(2)).toEqual(['hello', 'typing'])
    server.handOff(key)
    await connector.hears(echoes ? 5 : 3)
    expect(connector.course().slice(2)).toEqual(echoes ? ['hello', 'typing', 'handOff'] : ['handOff'])
  })

  test('keeps what it is told, attachments and further keys too', async () => {
    const { server, connector, ids, key } = await startJoined()
    const attachments = [{ type: 'image/png', name: 'a.png', contentUrl: 'https://a.b/a.png' }]
    connector.socket.emit('sendMessage', chat(ids, '', { attachments, extra: 1 }))
    await settled(server, connector)
    expect(server.said(key)).toMatchObject([{ by: 'customer', text: '', attachments }])
    expect(server.conversationOf(key)?.messages).toMatchObject([{ extra: 1 }])
  })
})

describe('endConversation', () => {
  test.each([true, false])('confirmed: %s', async confirmsEnd => {
    const { server, connector, key } = await startJoined({ confirmsEnd })
    connector.socket.emit('endConversation', { conversationId: 'c-0' })
    connector.socket.emit('endConversation', null)
    await settled(server, connector)
    expect(server.conversationOf(key)?.isOpen).toBe(true)
    connector.socket.emit('endConversation', { conversationId: key })
    connector.socket.emit('endConversation', { conversationId: key })
    await settled(server, connector)
    server.sendRaw({}, 'levitate')
    await connector.hears(confirmsEnd ? 4 : 3)
    expect(connector.course().slice(2)).toEqual(
      confirmsEnd ? ['endOfConversation', 'levitate'] : ['levitate'],
    )
    expect(server.conversationOf(key)).toMatchObject({ isOpen: false, endedBy: 'customer' })
  })

  test('changes nothing about a conversation the agent has ended', async () => {
    const { server, connector, key } = await startJoined()
    server.end(key)
    connector.socket.emit('endConversation', { conversationId: key })
    await settled(server, connector)
    const { endedBy, members, messages } = server.conversationOf(key) ?? {}
    expect([endedBy, members?.size, messages?.length]).toEqual(['agent', 0, 1])
  })
})
