import { describe, expect, test } from 'vitest'
import { readMessage } from '../../../src/desks/chat-server/inbound.ts'

const SEAT = { conversation: 'c-81', participant: 'p-17', name: 'Ana', refId: 'ref-1' }
const RELAY = { relay_bots: true, relay_greetings: false, file_notice: '📎 {name}' }
const LUIS = { id: 'agent-1', name: 'Luis' }
const PLACE = { conversationId: 'c-81', from: LUIS, to: [] as unknown[] }
const AT = '2024-05-01T10:00:00.000Z'
const SAID = { type: 'ChatMessage', ...PLACE, text: 'hello', attachments: [], id: 'm1', timestamp: AT }
const MESSAGE = {
  conversation: 'c-81',
  type: 'message',
  message: { text: 'hello', attachments: [] },
  agent: 'Luis',
  id: 'm1',
  at: Date.parse(AT),
}

const read = (raw: unknown, relay = {}) => readMessage(raw, SEAT, { ...RELAY, ...relay })
const eventOf = (raw: unknown, relay = {}) => {
  const heard = read(raw, relay)
  return heard.kind === 'news' ? heard.event : heard
}

describe('is dropped', () => {
  test.each([
    ['null', null, 'malformed'],
    ['a number', 42, 'malformed'],
    ['a text', 'hello', 'malformed'],
    ['a list', [], 'malformed'],
    ['without a type', { ...SAID, type: undefined }, 'malformed'],
    ['with a number as type', { ...SAID, type: 7 }, 'malformed'],
    ['of another conversation', { ...SAID, conversationId: 'c-82' }, 'of another conversation'],
    ['of an unknown type', { ...SAID, type: 'SurpriseMessage' }, 'unknown type'],
    ['a whisper', { ...SAID, tag: 'whisper' }, 'whisper'],
    ['a whisper in capitals and spaces', { ...SAID, tag: ' Whisper\n' }, 'whisper'],
    ['a whisper in a list', { ...SAID, tag: ['note', 'WHISPER'] }, 'whisper'],
    ['a whisper of ours, before all else', { ...SAID, tag: 'whisper', from: { id: 'p-17' } }, 'whisper'],
    ['directed to somebody else', { ...SAID, to: [{ id: 'agent-2' }] }, 'to others'],
    ['directed to nobody we can read', { ...SAID, to: [null] }, 'to others'],
    ['empty', { ...SAID, text: '' }, 'empty'],
    ['blank', { ...SAID, text: ' \n' }, 'empty'],
    ['without words or files that can be read', { ...SAID, text: 12, attachments: 'none' }, 'empty'],
    [
      'with attachments that are none',
      { ...SAID, text: '', attachments: [null, 3, { contentUrl: 5 }] },
      'empty',
    ],
  ])('%s', (_, raw, why) => {
    expect(read(raw)).toEqual({ kind: 'dropped', why })
  })

  test('what a bot says, where that is not wanted', () => {
    const bot = { ...SAID, from: { id: 'b', name: 'Robo', type: 'Bot' } }
    expect(read(bot, { relay_bots: false })).toEqual({ kind: 'dropped', why: 'of a bot' })
    expect(eventOf(bot)).toMatchObject({ type: 'message', automatic: true })
  })
})

describe('is our own', () => {
  test.each([
    ['by our id', { ...SAID, from: { id: 'p-17', name: 'Ana' } }, { kind: 'own', id: 'm1' }],
    ['by our bare id', { ...SAID, from: 'p-17' }, { kind: 'own', id: 'm1' }],
    ['by its type', { ...SAID, from: { id: 'x', type: 'Customer' } }, { kind: 'own', id: 'm1' }],
    ['without an id', { ...SAID, id: undefined, from: { id: 'p-17' } }, { kind: 'own' }],
  ])('%s', (_, raw, heard) => {
    expect(read(raw)).toEqual(heard)
  })
})

describe('a message', () => {
  test.each([
    ['as documented', SAID, MESSAGE],
    ['under _id', { ...SAID, id: undefined, _id: 'm1' }, MESSAGE],
    ['under messageId', { ...SAID, id: undefined, messageId: 'm1' }, MESSAGE],
    ['with a number as id', { ...SAID, id: 7 }, { ...MESSAGE, id: '7' }],
    ['in a history, without its conversation', { ...SAID, conversationId: undefined }, MESSAGE],
    ['directed to us', { ...SAID, to: [{ id: 'agent-2' }, { id: 'p-17' }] }, MESSAGE],
    ['with a tag of no meaning', { ...SAID, tag: 'whisperer' }, MESSAGE],
    ['by somebody with a first name', { ...SAID, from: { id: 'agent-1', firstName: 'Luis' } }, MESSAGE],
    ['at an instant in ms', { ...SAID, timestamp: Date.parse(AT) }, MESSAGE],
  ])('%s', (_, raw, event) => {
    expect(eventOf(raw)).toEqual(event)
  })

  test('without a name or a time', () => {
    const { agent: _, at: __, ...bare } = MESSAGE
    expect(eventOf({ ...SAID, from: null, timestamp: 'yesterday' })).toEqual(bare)
  })

  test('without an id, is known by its time, its author and its words', () => {
    const idOf = (change: object) => (eventOf({ ...SAID, id: undefined, ...change }) as { id?: string }).id
    expect(idOf({})).toHaveLength(22)
    expect(idOf({})).toBe(idOf({ tag: '' }))
    expect(idOf({})).not.toBe(idOf({ text: 'hallo' }))
    expect(idOf({})).not.toBe(idOf({ from: { id: 'agent-2' } }))
    expect(idOf({})).not.toBe(idOf({ timestamp: '2024-05-01T10:00:00.001Z' }))
    expect(idOf({ timestamp: undefined })).toBeUndefined()
  })
})

describe('attachments', () => {
  const file = (contentUrl: string, more: object = {}) => ({
    type: 'image/png',
    name: 'a.png',
    contentUrl,
    ...more,
  })
  const messageOf = (attachments: unknown[], text = '', relay = {}) =>
    (eventOf({ ...SAID, text, attachments }, relay) as { message?: unknown }).message

  test('at an address of the web are passed on by it', () => {
    expect(
      messageOf([file('https://chat.example.org/a.png'), file('http://x.org/b', { name: '', type: '' })]),
    ).toEqual({
      text: '',
      attachments: [
        { contentType: 'image/png', url: 'https://chat.example.org/a.png', name: 'a.png' },
        { contentType: 'application/octet-stream', url: 'http://x.org/b' },
      ],
    })
  })

  test.each([
    'file:///etc/passwd',
    'FILE:///etc/passwd',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    'ftp://x.org/a',
    '/relative/a.png',
  ])('%s is only named', url => {
    expect(messageOf([file(url)], 'look')).toEqual({ text: 'look\n📎 a.png', attachments: [] })
  })

  test('are named by their type, as configured, or not at all', () => {
    const nameless = file('data:,x', { name: undefined })
    expect(messageOf([nameless])).toEqual({ text: '📎 image/png', attachments: [] })
    expect(messageOf([file('data:,x', { name: '$&' })], '', { file_notice: '[{name}]' })).toMatchObject({
      text: '[$&]',
    })
    expect(read({ ...SAID, text: '', attachments: [nameless] }, { file_notice: '' })).toMatchObject({
      why: 'empty',
    })
  })
})

describe('an activity', () => {
  const doing = (activityType: string, more: object = {}) => ({
    type: 'ActivityMessage',
    ...PLACE,
    from: { id: 'system' },
    activityType,
    info: { participant: LUIS },
    id: 'a1',
    ...more,
  })
  const event = { conversation: 'c-81', id: 'a1' }
  const bot = { info: { participant: { id: 'b', type: 'Bot' } } }
  const self = { info: { participant: { id: 'p-17', name: 'Ana' } } }
  const dropped = { kind: 'dropped', why: 'an activity of no concern' }

  test.each([
    ['greetings', doing('greetings', { info: { text: 'Welcome' } }), dropped],
    ['handOff', doing('handOff'), { ...event, type: 'queued' }],
    ['noAgentAvailable', doing('noAgentAvailable'), { kind: 'no-agent' }],
    ['participantAdded', doing('participantAdded'), dropped],
    ['participantJoined', doing('participantJoined'), { ...event, type: 'assigned', agent: 'Luis' }],
    [
      'participantJoined, as info',
      doing('participantJoined', { info: LUIS }),
      { ...event, type: 'assigned', agent: 'Luis' },
    ],
    [
      'participantJoined, as sender',
      doing('participantJoined', { info: null, from: LUIS }),
      { ...event, type: 'assigned', agent: 'Luis' },
    ],
    [
      'participantJoined, as a bare id',
      doing('participantJoined', { info: { participant: 'x' } }),
      { ...event, type: 'assigned' },
    ],
    ['participantJoined, ourselves', doing('participantJoined', self), dropped],
    ['participantJoined, a bot', doing('participantJoined', bot), dropped],
    ['participantLeft', doing('participantLeft'), { ...event, type: 'agent-left' }],
    ['participantLeft, ourselves', doing('participantLeft', self), dropped],
    ['participantRemoved', doing('participantRemoved'), { ...event, type: 'agent-left' }],
    ['participantRemoved, a bot', doing('participantRemoved', bot), dropped],
    [
      'participantRemoved, ourselves',
      doing('participantRemoved', self),
      { ...event, type: 'closed', reason: 'agent' },
    ],
    [
      'participantRemoved, ourselves as sender',
      doing('participantRemoved', { from: { id: 'p-17' }, info: {} }),
      { ...event, type: 'closed', reason: 'agent' },
    ],
    ['typing', doing('typing'), dropped],
    ['endOfConversation', doing('endOfConversation'), { ...event, type: 'closed', reason: 'agent' }],
    ['nobody documented', doing('levitating'), dropped],
    ['without a name', doing('', { activityType: 5 }), dropped],
    ['directed to others', doing('endOfConversation', { to: [LUIS] }), { kind: 'dropped', why: 'to others' }],
    ['whispered', doing('endOfConversation', { tag: 'whisper' }), { kind: 'dropped', why: 'whisper' }],
  ])('%s', (_, raw, expected) => {
    expect(eventOf(raw)).toEqual(expected)
  })

  test('greetings with a text are passed on where that is wanted', () => {
    const wanted = { relay_greetings: true }
    const message = { text: 'Welcome', attachments: [] }
    expect(eventOf(doing('greetings', { info: { text: 'Welcome' } }), wanted)).toEqual({
      ...event,
      type: 'message',
      message,
      automatic: true,
    })
    expect(eventOf(doing('greetings', { text: 'Welcome' }), wanted)).toMatchObject({ message })
    expect(eventOf(doing('greetings', { info: { text: ' ' } }), wanted)).toEqual(dropped)
  })
})
