import { describe, expect, test } from 'vitest'
import type { Settings } from '../../simulators/chat-server/index.ts'
import { until } from '../support/until.ts'
import { chat, connect, enter, eva, init, type Json, settled, startServer } from './chat-server-kit.ts'

const quiet = { routing: 'on-request' } as const

describe('registerConnector', () => {
  test('is on record, and its id must be its channel', async () => {
    const server = await startServer()
    const connector = await connect(server)
    for (const [id, channel] of [
      ['sms', 'sms'],
      ['live', 'sms'],
    ])
      connector.socket.emit('registerConnector', { id, name: 'SMS', channel })
    for (const odd of [undefined, 'sms', { id: 'sms' }]) connector.socket.emit('registerConnector', odd)
    await settled(server, connector)
    expect(server.state.connectors.map(({ id, isAccepted }) => [id, isAccepted])).toEqual([
      ['sms', true],
      ['live', false],
    ])
    expect(connector.socket.connected).toBe(true)
  })

  test('a bad one can cost the connection', async () => {
    const server = await startServer({ settings: { badConnector: 'disconnect' } })
    const connector = await connect(server)
    connector.socket.emit('registerConnector', { id: 'live', name: 'SMS', channel: 'sms' })
    await until('it is thrown out', () => connector.socket.disconnected)
  })

  test('lets third parties write to its channel', async () => {
    const server = await startServer()
    const [sms, web] = [await connect(server), await connect(server)]
    sms.socket.emit('registerConnector', { id: 'sms', name: 'SMS', channel: 'sms' })
    web.socket.emit('registerConnector', { id: 'web', name: 'Web', channel: 'web' })
    await settled(server, sms)
    await settled(server, web)
    expect(server.campaign('sms', '+502', 'sale')).toBe(1)
    await sms.hears(1)
    expect(sms.heard[0]?.payload).toMatchObject({ type: 'ChatMessage', refId: '+502', text: 'sale' })
    expect(sms.heard[0]?.payload).not.toHaveProperty('conversationId')
    expect(web.heard).toEqual([])
  })
})

describe('joinConversation', () => {
  test('an unknown pair gets no confirmation and no acknowledgement', async () => {
    const server = await startServer({ settings: quiet })
    const connector = await connect(server)
    const { body } = await init(server)
    const { conversationId } = body
    const { id } = body.participant as Json
    const answers: unknown[] = []
    for (const pair of [
      { conversationId: 'c-0', id },
      { conversationId, id: 'p-0' },
      { conversationId },
      null,
    ])
      connector.socket.emit('joinConversation', pair, (answer: unknown) => answers.push(answer))
    await settled(server, connector)
    expect([connector.heard, answers]).toEqual([[], []])
    connector.socket.emit('joinConversation', { conversationId, id }, (answer: unknown) =>
      answers.push(answer),
    )
    expect(await connector.hears(2)).toEqual(['info', 'greetings'])
    expect(answers).toEqual([{ status: 'ok' }])
  })

  test.each<[Partial<Settings>, unknown[], string[]]>([
    [{ joinAck: 'ok' }, [{ status: 'ok' }], ['info', 'greetings']],
    [{ joinAck: 'ok', acks: { ok: [null, 'yes'], error: [] } }, [null], ['info', 'greetings']],
    [{ joinAck: 'none' }, [], ['info', 'greetings']],
    [{ joinAck: 'error' }, [{ error: 'refused' }], []],
    [{ joinEvents: 'info' }, [{ status: 'ok' }], ['info']],
    [{ joinEvents: 'greetings' }, [{ status: 'ok' }], ['greetings']],
    [{ joinEvents: 'none' }, [{ status: 'ok' }], []],
  ])('%j', async (settings, acks, course) => {
    const server = await startServer({ settings: { ...quiet, ...settings } })
    const connector = await connect(server)
    const { body } = await init(server)
    const { conversationId, participant } = body as { conversationId: string; participant: Json }
    const answers: unknown[] = []
    const ids = { conversationId, ...participant }
    connector.socket.emit('joinConversation', ids, (answer: unknown) => answers.push(answer))
    await connector.hears(course.length)
    await until('the acknowledgement is there', () => answers.length >= acks.length)
    await settled(server, connector)
    expect([answers, connector.course()]).toEqual([acks, course])
    const isIn = server.conversationOf(conversationId)?.members.has(String(connector.socket.id))
    expect(isIn).toBe(settings.joinAck !== 'error')
  })

  test('the next ones can go unheard', async () => {
    const server = await startServer({ settings: { ...quiet, mutedJoins: 2 } })
    const connector = await connect(server)
    const ids = await enter(server, connector)
    connector.socket.emit('joinConversation', ids)
    await settled(server, connector)
    expect(connector.heard).toEqual([])
    connector.socket.emit('joinConversation', ids)
    await connector.hears(2)
    expect(server.conversationOf(ids.conversationId)?.joins).toBe(1)
  })

  test('a second join brings the whole history, and no second agent', async () => {
    const server = await startServer()
    const first = await connect(server)
    const ids = await enter(server, first)
    await first.hears(5)
    first.socket.emit('sendMessage', chat(ids, 'hello'))
    await settled(server, first)
    server.say(ids.conversationId, 'psst', { tag: 'whisper' })
    server.say(ids.conversationId, 'good day')
    const second = await connect(server)
    second.socket.emit('joinConversation', ids)
    expect(await second.hears(2)).toEqual(['info', 'greetings'])
    const info = second.heard[0]?.payload
    const participant = [
      { id: ids.id, name: 'Eva Luna' },
      { id: 'agent-luis', name: 'Luis' },
    ]
    expect(info).toMatchObject({ conversation: { id: ids.conversationId }, participant, role: 'customer' })
    expect(info?.messages).toMatchObject([
      { text: 'hello', from: { id: ids.id }, timestamp: expect.any(String), id: expect.any(String) },
      { text: 'psst', tag: 'whisper' },
      { text: 'good day' },
    ])
    server.say(ids.conversationId, 'to both')
    await Promise.all([first.hears(8), second.hears(3)])
    expect(server.conversationOf(ids.conversationId)?.joins).toBe(2)
  })

  test.each<[Partial<Settings>, Json]>([
    [{ infoIdKey: '_id' }, { conversation: { _id: expect.any(String) } }],
    [{ infoIdKey: 'conversationId' }, { conversation: { conversationId: expect.any(String) } }],
    [{ infoParticipantsKey: 'participants' }, { participants: [{ name: 'Eva Luna' }] }],
    [{ leaksWhispers: false }, { messages: [{ text: 'early' }] }],
    [
      { replaysActivities: true },
      { messages: [{ text: 'early' }, { tag: 'whisper' }, { activityType: 'handOff' }] },
    ],
  ])('conversationInfo with %j', async (settings, expected) => {
    const server = await startServer({ settings: { ...quiet, ...settings } })
    const { body } = await init(server)
    server.say(eva.phone, 'early')
    server.say(eva.phone, 'psst', { tag: 'whisper' })
    server.typing(eva.phone)
    server.handOff(eva.phone)
    const connector = await connect(server)
    const ids = { conversationId: body.conversationId, ...(body.participant as Json) }
    connector.socket.emit('joinConversation', ids)
    await connector.hears(1)
    expect(connector.heard[0]?.payload).toMatchObject(expected)
  })

  test('one that is over cannot be joined, unless that is switched on', async () => {
    const server = await startServer({ settings: quiet })
    const connector = await connect(server)
    const ids = await enter(server, connector)
    await connector.hears(2)
    server.end(ids.conversationId)
    connector.socket.emit('joinConversation', ids)
    await settled(server, connector)
    expect(connector.course()).toEqual(['info', 'greetings', 'endOfConversation'])
    server.settings.joinsEnded = true
    connector.socket.emit('joinConversation', ids)
    expect((await connector.hears(6)).slice(3)).toEqual(['info', 'greetings', 'endOfConversation'])
  })
})
