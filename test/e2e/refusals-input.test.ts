import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callsSeen,
  DEPARTMENT,
  expectEnvelope,
  expectNoSession,
  REGISTER,
  registerSomebody,
  registration,
  saying,
  sessionOf,
  TO_AGENT,
  TO_CLIENT,
} from '../http/asks.ts'
import { STORES, startWorld, WEBHOOK_SECRET, type World } from '../support/world.ts'

const uuid = randomUUID()
const contact = { uuid }
const department = DEPARTMENT
const long = 'x'.repeat(900_000)

/** What is wrong, the body, and what the answer must name. */
type Bad = [what: string, body: unknown, names: string]

const NOT_A_BODY: Bad[] = [
  ['malformed JSON', '{"contact": {', 'not JSON'],
  ['JSON with more behind it', '{} {}', 'not JSON'],
  ['a form', 'contact=1&department=2', 'not JSON'],
  ['an empty body', '', 'object'],
  ['blanks', '   ', 'not JSON'],
  ['null', 'null', 'object'],
  ['a list', [], 'object'],
  ['a text', '"contact"', 'object'],
  ['a number', '7', 'object'],
  ['a hundred thousand brackets', '['.repeat(100_000), 'not JSON'],
  ['a deep list', '['.repeat(10_000) + ']'.repeat(10_000), 'object'],
]

const BAD_CONTACTS: Bad[] = [
  ['no contact', { department }, 'contact'],
  ['null as contact', { contact: null, department }, 'contact'],
  ['a text as contact', { contact: uuid, department }, 'contact'],
  ['a list as contact', { contact: [contact], department }, 'contact'],
  ['no uuid', { contact: {}, department }, 'contact.uuid'],
  ['null as uuid', { contact: { uuid: null }, department }, 'contact.uuid'],
  ['an empty uuid', { contact: { uuid: '' }, department }, 'contact.uuid'],
  ['a blank uuid', { contact: { uuid: ' \n ' }, department }, 'contact.uuid'],
  ['a number as uuid', { contact: { uuid: 1e308 }, department }, 'contact.uuid'],
  ['a number too large to be one', '{"contact":{"uuid":1e999},"department":"x"}', 'contact.uuid'],
  ['a list as uuid', { contact: { uuid: [uuid] }, department }, 'contact.uuid'],
  ['a line break within the uuid', { contact: { uuid: `${uuid}\n${uuid}` }, department }, 'contact.uuid'],
  ['NUL in the uuid', { contact: { uuid: `${uuid}\u0000x` }, department }, 'contact.uuid'],
  ['half a character in the uuid', `{"contact":{"uuid":"a\\ud800"},"department":"x"}`, 'contact.uuid'],
  ['a very long uuid', { contact: { uuid: long }, department }, 'contact.uuid'],
  ['a number as name', { contact: { uuid, name: 5 }, department }, 'contact.name'],
  ['an object as urn', { contact: { uuid, urn: {} }, department }, 'contact.urn'],
  ['a contact only in __proto__', `{"__proto__":{"contact":{"uuid":"${uuid}"}},"department":"x"}`, 'contact'],
  [
    'a uuid only in __proto__',
    `{"contact":{"__proto__":{"uuid":"${uuid}"}},"department":"x"}`,
    'contact.uuid',
  ],
]

const BAD_REGISTRATIONS: Bad[] = [
  ['no department', { contact }, 'department'],
  ['null as department', { contact, department: null }, 'department'],
  ['a blank department', { contact, department: '  ' }, 'department'],
  ['a number as department', { contact, department: 7 }, 'department'],
  ['a list as department', { contact, department: [department] }, 'department'],
  ['a very long department', { contact, department: long }, 'department'],
  ['a text as results', { contact, department, results: 'x' }, 'results'],
  ['a list as results', { contact, department, results: [1] }, 'results'],
  ['a list as one result', { contact, department, results: { a: [] } }, 'results.a'],
  ['an object as a result’s value', { contact, department, results: { a: { value: {} } } }, 'results.a'],
  [
    'deep results',
    `{"contact":{"uuid":"${uuid}"},"department":"x","results":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    'results.a',
  ],
  ['a very long name of a bad result', { contact, department, results: { [long]: [] } }, 'results'],
  [
    'a thousand bad results',
    {
      contact,
      department,
      results: Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`r${i}`, []])),
    },
    'results.r0',
  ],
]

const BAD_TEXTS: Bad[] = [
  ['nothing said', { contact }, 'input.text'],
  ['only blanks said', { contact, results: { clientmessage: { value: ' ' } } }, 'input.text'],
  [
    'a list as what was said',
    { contact, results: { clientmessage: { value: ['x'] } } },
    'results.clientmessage',
  ],
  ['a text as input', { contact, input: 'hello' }, 'input'],
  ['a number as input.text', { contact, input: { text: 5 } }, 'input.text'],
  ['a list as input.uuid', { contact, input: { text: 'x', uuid: [] } }, 'input.uuid'],
  [
    'a text as attachments',
    { contact, input: { text: 'x', attachments: 'image/png:http://x' } },
    'input.attachments',
  ],
  ['a number as an attachment', { contact, input: { attachments: [5] } }, 'input.attachments.0'],
  ['a number as an address', { contact, input: { attachments: [{ url: 5 }] } }, 'input.attachments.0'],
  [
    'only files without an address',
    { contact, input: { attachments: ['image/png:', 'x'] } },
    'input.attachments',
  ],
]

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

async function expectInvalid(path: string, body: unknown, names: string): Promise<void> {
  const before = callsSeen(world)
  const answer = await world.call('POST', path, body)
  expectEnvelope(answer, 400, 'invalid')
  expect(answer.body.msg).toContain(names)
  await expectNoSession(world, uuid)
  expect(callsSeen(world)).toBe(before)
}

describe('registerClient names what is wrong with', () => {
  it.each([...NOT_A_BODY, ...BAD_CONTACTS, ...BAD_REGISTRATIONS])('%s', (_what, body, names) =>
    expectInvalid(REGISTER, body, names),
  )
})

describe('sendMessageToAgent names what is wrong with', () => {
  it.each([...NOT_A_BODY, ...BAD_CONTACTS, ...BAD_TEXTS])('%s', (_what, body, names) =>
    expectInvalid(TO_AGENT, body, names),
  )

  it('an Idempotency-Key without end', async () => {
    const headers = { 'idempotency-key': 'x'.repeat(300) }
    const answer = await world.call('POST', TO_AGENT, saying(uuid, 'x'), headers)
    expectEnvelope(answer, 400, 'invalid')
    expect(answer.body.msg).toContain('idempotency-key')
  })
})

describe('sendMessageToClient', () => {
  const BAD_EVENTS: Bad[] = [
    ...NOT_A_BODY.filter(([, , names]) => names === 'not JSON'),
    ['an empty body', '', 'no JSON object'],
    ['null', 'null', 'no JSON object'],
    ['a list', [], 'no JSON object'],
    ['a text', '"x"', 'no JSON object'],
    ['no type', {}, 'type'],
    ['a number as type', { type: 5 }, 'type'],
    ['a message without messages', { type: 'Message', visitor: { token: uuid } }, 'messages'],
  ]
  it.each(BAD_EVENTS)('names what is wrong with %s', (_what, body, names) =>
    expectInvalid(TO_CLIENT, body, names),
  )

  it.each([
    [
      'wrong types everywhere',
      { type: 'Message', _id: 5, visitor: { token: uuid }, agent: 5, messages: [5, null, { msg: 5 }] },
    ],
    ['a visitor that is none', { type: 'Message', visitor: 'x', messages: [{ msg: 'x' }] }],
    [
      'times that are none',
      { type: 'LivechatSession', _id: 'r', visitor: { token: uuid }, closedAt: 'soon' },
    ],
    [
      'NUL and half characters',
      { type: 'Message', _id: '\u0000', visitor: { token: '\u0000' }, messages: [{ msg: 'x' }] },
    ],
    [
      'ids of any length',
      { type: 'Message', _id: long, visitor: { token: long }, messages: [{ msg: 'x', _id: long }] },
    ],
    [
      '__proto__',
      `{"type":"Message","__proto__":{"_id":"r"},"visitor":{"token":"${uuid}"},"messages":[{"msg":"x"}]}`,
    ],
  ])('ignores %s', async (_what, body) => {
    const headers = { 'x-rocketchat-livechat-token': WEBHOOK_SECRET }
    expectEnvelope(await world.call('POST', TO_CLIENT, body, headers), 200, 'ignored')
  })
})

describe('ids in paths', () => {
  it.each([
    '%00',
    '%0A',
    '%2F',
    '%F0%9F%98%80',
    '..%2f..',
    '__proto__',
    'x'.repeat(128),
    `'%3B--`,
    '%7Bx%7D',
  ])('asks for and ends nobody by the id %s', async id => {
    expectEnvelope(await world.call('GET', `/live-agents/sessions/${id}`), 404, 'no-session')
    expectEnvelope(await world.call('DELETE', `/live-agents/session/user/${id}`), 200, 'success')
    expectEnvelope(await world.call('POST', `/live-agents/dead-letters/${id}/replay`), 404, 'not-found')
  })

  it('names an id that is too long', async () => {
    const answer = await world.call('GET', `/live-agents/sessions/${'x'.repeat(129)}`)
    expectEnvelope(answer, 400, 'invalid')
    expect(answer.body.msg).toContain('userid')
  })
})

describe.each(STORES)('what is odd but right, on %s', store => {
  let odd: World
  beforeAll(async () => {
    odd = await startWorld({ store })
  })
  afterAll(() => odd?.stop())

  it.each([
    ['NUL', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
    ['line separators and marks', 'a\u2028b\u202ec\ufeffd\u200bf'],
    ['quotes and backslashes', `"'\\\`\${x}{{y}}<b>&amp;`],
    ['what a script would read', '__proto__\r\n$5\r\nhello'],
    ['only an emoji', '👩🏽‍🚀'],
    ['a very long text', 'word '.repeat(20_000).trim()],
  ])('delivers %s', async (_what, text) => {
    const { uuid: client, rid } = await registerSomebody(odd)
    expectEnvelope(await odd.call('POST', TO_AGENT, saying(client, text)), 200, 'success')
    const said = odd.rocketchat.state.index.messagesByRoom.get(rid)?.filter(({ token }) => token === client)
    expect(
      said
        ?.map(({ msg }) => msg)
        .join('')
        .toWellFormed(),
    ).toBe(text.toWellFormed())
  })

  it.each([
    ['__proto__ among the results', '{"__proto__":{"value":"x"},"constructor":"y"}'],
    ['huge and tiny numbers', '{"a":1e308,"b":-0,"c":{"value":12345678901234567890}}'],
    ['results of every shape', '{"a":null,"b":true,"c":{"value":null},"d":{"category":"x"},"e":{}}'],
    ['no results', 'null'],
  ])('registers with %s', async (_what, results) => {
    const { uuid: client } = odd.rapidpro.addContact()
    const body = `{"contact":{"uuid":"${client}","mongoid":[{}]},"department":" ${DEPARTMENT} ","results":${results}}`
    expectEnvelope(await odd.call('POST', REGISTER, body), 200, 'success')
    expect(await sessionOf(odd, client)).toMatchObject({ department: DEPARTMENT, state: 'assigned' })
  })

  it('keeps clients apart whose ids are alike', async () => {
    for (const id of ['a{b}', 'a', 'A', 'a:b', 'a%20b', '{a}', 'constructor', '__proto__'])
      expectEnvelope(await odd.call('POST', REGISTER, registration(id)), 200, 'success')
    const rooms = [...odd.rocketchat.state.rooms.values()].map(({ v }) => v.token)
    expect(rooms).toEqual(
      expect.arrayContaining(['a{b}', 'a', 'A', 'a:b', 'a%20b', '{a}', 'constructor', '__proto__']),
    )
    expect(await sessionOf(odd, 'a{b}')).not.toEqual(await sessionOf(odd, 'a'))
  })
})
