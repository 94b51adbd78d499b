import { describe, expect, test } from 'vitest'
import { webhookOf } from '../webhook-of.ts'
import { HASH, ROOM, setStage, UUID } from './support.ts'
import { changed, fixture, parse, saying } from './tidings.ts'

type Row = { label: string; text: string; settings?: Record<string, unknown>; events: unknown[] }

const attended = {
  type: 'assigned',
  conversation: ROOM,
  agent: 'Tomi',
  id: `attended:${ROOM}:1706293970842633079`,
  at: 1706293970842,
}
const transferred = {
  type: 'transferred',
  conversation: '4f4bef4b-5cc3-4d9a-980b-c7426b4084a1',
  id: 'transfer:4f4bef4b-5cc3-4d9a-980b-c7426b4084a1:1706215088420049502',
  at: 1706215088420,
}
const said = {
  type: 'message',
  conversation: ROOM,
  client: UUID,
  agent: 'Tomi',
  id: `message:${ROOM}:1706294001000000001`,
  at: 1706294001000,
  message: { text: 'Hello Ada', attachments: [] },
}
const closed = {
  type: 'closed',
  reason: 'agent',
  conversation: ROOM,
  id: `closed:${ROOM}:1706295000000000001`,
  at: 1706295000000,
}
const by = (agent: unknown) => ({ data: { agent } })

const courses: Row[] = [
  { label: 'attended', text: fixture('attended'), events: [attended] },
  {
    label: 'attended by a name alone',
    text: changed('attended', by({ name: 'Tomas', nickname: ' ' })),
    events: [{ ...attended, agent: 'Tomas' }],
  },
  {
    label: 'attended by nobody we could name',
    text: changed('attended', by({})),
    settings: { agent_label: 'An agent' },
    events: [{ ...attended, agent: 'An agent' }],
  },
  {
    label: 'attended, without data',
    text: changed('attended', { data: null }),
    events: [{ ...attended, agent: undefined }],
  },
  {
    label: 'attended, data of another kind',
    text: changed('attended', { data: { agent: 'Tomas', hash: {} } }),
    events: [{ ...attended, agent: undefined }],
  },
  { label: 'transferred to a group', text: fixture('transfer'), events: [transferred] },
  {
    label: 'transferred to nobody, whatever the label',
    text: fixture('transfer'),
    settings: { agent_label: 'An agent' },
    events: [transferred],
  },
  {
    label: 'transferred to an agent',
    text: changed('transfer', { data: { hash: HASH, agent: { name: 'Lin' } } }),
    events: [{ ...transferred, client: UUID, agent: 'Lin' }],
  },
  {
    label: 'a hash with the bot’s token behind it',
    text: changed('transfer', { data: { hash: `${HASH}_bot-secret` } }),
    events: [{ ...transferred, client: UUID }],
  },
  {
    label: 'a hash that is a digest',
    text: changed('transfer', { data: { hash: '3ebbcbb5f1b9ba92b3fb6c2b94dbd60d2acac674' } }),
    events: [transferred],
  },
  { label: 'closed by the agent', text: fixture('closed'), events: [closed] },
  {
    label: 'closed by a trigger',
    text: changed('closed', { data: { value: 'closed by inactivity' } }),
    events: [closed],
  },
  {
    label: 'closed, without data',
    text: changed('closed', { data: undefined }),
    events: [closed],
  },
  ...['close', 'Closing', 'closeConversation', 'ENDCONVERSATION', ' finished '].map(name => ({
    label: `closed, as "${name}"`,
    text: changed('closed', { name }),
    events: [{ ...closed, id: closed.id.replace('closed', name.trim().toLowerCase()) }],
  })),
  {
    label: 'closed, by a name of the configuration',
    text: changed('closed', { name: 'Over' }),
    settings: { events: { closing: ['over'] } },
    events: [{ ...closed, id: closed.id.replace('closed', 'over') }],
  },
]

const envelopes: Row[] = [
  {
    label: 'the conversation under the name the queue gives it',
    text: changed('closed', { roomId: undefined, conversationId: ROOM }),
    events: [closed],
  },
  { label: 'a bot’s id in quotes', text: changed('closed', { botId: '1000' }), events: [closed] },
  { label: 'no bot’s id', text: changed('closed', { botId: null }), events: [closed] },
  { label: 'another bot', text: changed('closed', { botId: 1001 }), events: [] },
  { label: 'another event', text: changed('closed', { name: 'satisfaction' }), events: [] },
  { label: 'another event, of nowhere', text: '{"name":"ping"}', events: [] },
  {
    label: 'a name that was taken off the list',
    text: fixture('closed'),
    settings: { events: { closing: ['over'] } },
    events: [],
  },
  { label: 'a name every object has', text: changed('closed', { name: 'constructor' }), events: [] },
]

const words: Row[] = [
  { label: 'a text', text: fixture('message'), events: [said] },
  ...['agentMessage', 'client_message', 'CLIENTMESSAGE'].map(name => ({
    label: `a text, as "${name}"`,
    text: changed('message', { name }),
    events: [{ ...said, id: said.id.replace('message', name.toLowerCase()) }],
  })),
  ...[
    { message: { action: 'text', value: 'Hello Ada' } },
    { message: 'Hello Ada' },
    { messages: [{ action: 'TEXT', value: ' Hello Ada\n' }] },
    { messages: 'Hello Ada', message: null },
    { action: 'text', value: 'Hello Ada', source: 'agent' },
    { type: 'text', text: 'Hello Ada' },
    { text: 'Hello Ada', value: '' },
    { type: 'sticker', value: 'Hello Ada' },
    'Hello Ada',
    ['Hello Ada'],
  ].map(data => ({
    label: `a text in ${JSON.stringify(data)}`,
    text: saying(data),
    events: [{ ...said, client: undefined, agent: undefined, automatic: true }],
  })),
  {
    label: 'a number',
    text: saying({ hash: HASH, agent: { name: 'Tomi' }, message: [{ value: 5 }] }),
    events: [{ ...said, message: { text: '5', attachments: [] } }],
  },
  {
    label: 'several, but for what is the client’s or nothing',
    text: saying({
      message: [
        { value: 'one', source: 'Agent' },
        { value: 'two', source: 'user' },
        { value: 'three', source: 'Client' },
        { value: ' ' },
        null,
        7,
        { value: {} },
        'eight',
      ],
    }),
    events: [
      ['one', 0],
      ['eight', 7],
    ].map(([text, index]) => ({
      ...said,
      client: undefined,
      agent: undefined,
      automatic: true,
      id: `${said.id}:${index}`,
      message: { text, attachments: [] },
    })),
  },
  ...[
    { message: [{ value: 'Hola', source: 'user' }] },
    { message: 'Hola', source: 'client' },
    { message: [] },
    { agent: { name: 'Tomas' } },
    {},
    null,
    7,
    [],
  ].map(data => ({ label: `nothing in ${JSON.stringify(data)}`, text: saying(data), events: [] })),
]

const file = (contentType: string) => ({ contentType, url: 'https://files.example.org/a?sig=1' })

const files: Row[] = [
  ...[
    ['image', 'image'],
    ['file', 'application/octet-stream'],
    ['Audio', 'audio'],
    ['video', 'video'],
  ].map(([action, type = '']) => ({
    label: `a file as "${action}"`,
    text: saying({ message: [{ action, value: ' https://files.example.org/a?sig=1 ' }] }),
    events: [
      {
        ...said,
        client: undefined,
        agent: undefined,
        automatic: true,
        message: { text: '', attachments: [file(type)] },
      },
    ],
  })),
  {
    label: 'a file with words',
    text: saying({ message: { type: 'image', value: file('').url, text: 'your card' } }),
    events: [
      {
        ...said,
        client: undefined,
        agent: undefined,
        automatic: true,
        message: { text: 'your card', attachments: [file('image')] },
      },
    ],
  },
  {
    label: 'a file whose address is in its text',
    text: saying({ message: { type: 'image', text: file('').url } }),
    events: [
      {
        ...said,
        client: undefined,
        agent: undefined,
        automatic: true,
        message: { text: '', attachments: [file('image')] },
      },
    ],
  },
  {
    label: 'a file without an address',
    text: saying({ message: { action: 'file', value: 'plan.pdf' } }),
    events: [
      {
        ...said,
        client: undefined,
        agent: undefined,
        automatic: true,
        message: { text: 'plan.pdf', attachments: [] },
      },
    ],
  },
]

describe('parse', () => {
  const rows = [...courses, ...envelopes, ...words, ...files]
  test.each(rows)('$label', ({ text, settings, events }) => {
    expect(parse(text, settings)).toEqual(events)
  })

  test.each([
    ['no object', '"x"', 'JSON object'],
    ['null', 'null', 'JSON object'],
    ['a list', '[]', 'JSON object'],
    ['no name', changed('closed', { name: undefined }), 'name'],
    ['a blank name', changed('closed', { name: ' ' }), 'name'],
    ['a name that is a number', changed('closed', { name: 7 }), 'name'],
    ['no room', changed('closed', { roomId: undefined }), 'roomId'],
    ['an empty room', changed('closed', { roomId: '' }), 'roomId'],
    ['a room that is an object', changed('closed', { roomId: {} }), 'roomId'],
  ])('cannot understand %s', (_label, text, word) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(word) }),
    )
  })
})

describe('authenticate', () => {
  const { authenticate } = webhookOf(setStage().desk)
  test.each([
    [{ token: 'hook-secret' }, {}, true],
    [{ token: 'hook-secre' }, {}, false],
    [{ token: ['hook-secret'] }, {}, false],
    [{ token: '' }, {}, false],
    [{}, {}, false],
    [{}, { 'x-webhook-token': 'hook-secret', authorization: 'Token hook-secret' }, false],
  ])('%j %j: %s', (query, headers, known) => {
    expect(authenticate({ query, headers })).toBe(known)
  })
})
