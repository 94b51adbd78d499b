import { describe, expect, test } from 'vitest'
import type { Settings } from '../../simulators/chat-server/index.ts'
import { chat, eva, init, type Json, settled, startJoined, startServer } from './chat-server-kit.ts'

describe('the agents', () => {
  test('say things in every shape', async () => {
    const { server, connector, ids, key, last } = await startJoined()
    const attachments = ['http://a.b/c', 'https://a.b/c', 'file:///etc/passwd', 'data:text/plain,hi'].map(
      contentUrl => ({ type: 'text/plain', name: 'c', contentUrl }),
    )
    server.say(key, 'look', { agent: 'Mar Vega', attachments, tag: ' WhisPer ', to: [ids] })
    await connector.hears(3)
    expect(last()).toEqual({
      type: 'ChatMessage',
      conversationId: key,
      from: { id: 'agent-mar-vega', name: 'Mar Vega' },
      to: [ids],
      text: 'look',
      attachments,
      tag: ' WhisPer ',
      refId: '+502',
      id: expect.any(String),
      timestamp: expect.any(String),
    })
    server.say(key, 'bare', { id: null, timestamp: null })
    await connector.hears(4)
    expect(Object.keys(last() ?? {})).not.toEqual(expect.arrayContaining(['id']))
    expect(last()).not.toHaveProperty('timestamp')
    server.say(key, 'beep', { from: { id: 'b', name: 'Bot', type: 'Bot' }, id: 'm-1', timestamp: 'T' })
    await connector.hears(5)
    expect(last()).toMatchObject({ from: { type: 'Bot' }, id: 'm-1', timestamp: 'T' })
    expect(server.said(key).map(({ by, isWhisper }) => [by, isWhisper])).toEqual([
      ['agent', true],
      ['agent', false],
      ['bot', false],
    ])
  })

  test('whispers stay inside where the server keeps its word', async () => {
    const { server, connector, key } = await startJoined({ leaksWhispers: false })
    server.say(key, 'psst', { tag: 'Whisper' })
    server.say(key, 'aloud')
    expect((await connector.hears(3)).slice(2)).toEqual(['aloud'])
  })

  test('ids and timestamps can be switched off for everything', async () => {
    const { server, connector, key, last } = await startJoined({ messageIds: false, timestamps: false })
    server.typing(key)
    await connector.hears(3)
    expect(Object.keys(last() ?? {})).toEqual([
      'type',
      'conversationId',
      'to',
      'activityType',
      'from',
      'info',
    ])
  })

  test('do all nine things that are announced', async () => {
    const { server, connector, key } = await startJoined()
    server.greet(key, 'welcome')
    server.handOff(key)
    server.noAgentAvailable(key)
    server.participantAdded(key)
    server.agentJoins(key)
    server.agentJoins(key)
    server.typing(key)
    server.agentLeaves(key)
    server.agentJoins(key, 'Mar')
    server.participantRemoved(key, 'Mar')
    server.end(key)
    expect((await connector.hears(12)).slice(2)).toEqual([
      'greetings',
      'handOff',
      'noAgentAvailable',
      'participantAdded',
      'participantJoined',
      'typing',
      'participantLeft',
      'participantJoined',
      'participantRemoved',
      'endOfConversation',
    ])
    expect(connector.heard[2]?.payload).toMatchObject({ info: { text: 'welcome' } })
    expect(server.conversationOf(key)).toMatchObject({ isOpen: false, endedBy: 'agent' })
  })

  const luis = { id: 'agent-luis', name: 'Luis' }
  test.each<[Settings['activityShape'], Json, Json]>([
    ['info.participant', { id: 'system', name: 'System' }, { participant: luis }],
    ['info.id', { id: 'system', name: 'System' }, luis],
    ['from', luis, {}],
  ])('whose activity it is stands in %s', async (activityShape, from, info) => {
    const { server, connector, key, last } = await startJoined({ activityShape })
    server.agentJoins(key)
    await connector.hears(3)
    expect(last()).toMatchObject({ activityType: 'participantJoined', from, info })
    expect(last()?.info).toEqual(info)
  })

  test('throw the customer out, who cannot come back', async () => {
    const { server, connector, ids, key, last } = await startJoined()
    server.participantRemoved(key, 'customer')
    await connector.hears(3)
    expect(last()).toMatchObject({ info: { participant: { id: ids.id } } })
    connector.socket.emit('joinConversation', ids)
    connector.socket.emit('sendMessage', chat(ids, 'hello?'))
    server.say(key, 'gone')
    await settled(server, connector)
    expect([connector.heard.length, server.state.lost.map(({ reason }) => reason)]).toEqual([
      3,
      ['not-joined'],
    ])
  })

  test('cannot do what makes no sense', async () => {
    const { server, key } = await startJoined()
    expect(() => server.say('c-0', 'x')).toThrow('no such conversation')
    expect(() => server.agentLeaves(key)).toThrow('Luis is not in the conversation')
    server.end(key)
    expect(() => server.say(key, 'x')).toThrow('the conversation is over')
    expect(() => server.drop('server', 'nobody')).toThrow('no socket nobody')
  })

  test('name a conversation by id, account, phone or e-mail; the open one before the last', async () => {
    const server = await startServer()
    const open = async (more: Json) => String((await init(server, { ...eva, ...more })).body.conversationId)
    const first = await open({})
    const second = await open({ email: 'eva@example.org', refId: 'r', phone: 'p' })
    const third = await open({})
    const found = () => ['+502', 'r', 'p', 'eva@example.org', 'x'].map(key => server.conversationOf(key)?.id)
    expect(found()).toEqual([third, second, second, second, undefined])
    server.end(third)
    expect(found()[0]).toBe(first)
    server.end(first)
    expect(found()[0]).toBe(third)
  })
})
