import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  clientMessageBody,
  registerBody,
  toClientMessage,
  toRegistration,
} from '../../../src/bots/rapidpro/flow-request.ts'
import defaultBody from './fixtures/default-body.json' with { type: 'json' }
import legacyBody from './fixtures/legacy-body.json' with { type: 'json' }
import recommendedBody from './fixtures/recommended-body.json' with { type: 'json' }
import { contact as uuid } from './kit.ts'

const register = (body: unknown) => toRegistration(registerBody.parse(body))
const say = (body: unknown, key?: string) => toClientMessage(clientMessageBody.parse(body), key)
const contact = { uuid }
const url = 'https://files.example.org/a.jpg'
const photo = { contentType: 'image/jpeg', url }

describe('the three bodies', () => {
  it('default: a department added by the author, results by value', () => {
    expect(register({ ...defaultBody, department: 'GTM_FP' })).toEqual({
      client: { uuid, name: 'Ryan Lewis', urn: 'tel:+12024561111' },
      department: 'GTM_FP',
      results: { client_message: 'I need help', favorite_color: 'red', phone_number: '+12344563452' },
    })
    expect(say(defaultBody)).toEqual({
      client: { uuid, name: 'Ryan Lewis', urn: 'tel:+12024561111' },
      message: { text: 'I need help', attachments: [] },
    })
  })

  it('legacy: attachments as objects, the value with their addresses', () => {
    expect(say(legacyBody)).toEqual({
      client: { uuid, name: 'Ryan Lewis', urn: 'twitterid:54784326227' },
      id: '9bf91c2b-ce58-4cef-aacc-281e03f69ab5',
      message: {
        text: 'Hi there',
        attachments: [
          { contentType: 'image/jpeg', url: 'http://s3.amazon.com/bucket/test.jpg' },
          { contentType: 'audio/mp3', url: 'http://s3.amazon.com/bucket/test.mp3' },
        ],
      },
    })
  })

  it('recommended: a nameless contact in a workspace that hides addresses', () => {
    expect(register(recommendedBody)).toEqual({
      client: { uuid },
      department: 'GTM_HIV_GENERAL',
      results: { clientmessage: 'blue', webhook: '200' },
    })
    expect(say(recommendedBody, 'key')).toEqual({
      client: { uuid },
      id: '2d611e17-fb22-457f-b802-b8f7ec5cda5b',
      message: {
        text: 'I like blue!',
        attachments: [
          { contentType: 'image/jpeg', url: 'https://files.example.org/photo.jpg' },
          { contentType: 'geo', url: 'geo:-2.90875,-79.0117686' },
        ],
      },
    })
  })
})

describe('the contact', () => {
  it.each([
    [{ uuid: ` ${uuid} ` }, { uuid }],
    [{ uuid, name: null, urn: null, mongoid: 5 }, { uuid }],
    [
      { uuid, name: ' Ana\n\tMaría ' },
      { uuid, name: 'Ana María' },
    ],
    [
      { uuid, urn: 'facebook:123?channel=x#display' },
      { uuid, urn: 'facebook:123' },
    ],
    [
      { uuid, urn: 'ext:a:b*' },
      { uuid, urn: 'ext:a:b*' },
    ],
    [{ uuid, urn: 'whatsapp:********#Ana' }, { uuid }],
    [{ uuid, urn: 'tel:' }, { uuid }],
    [{ uuid, urn: '' }, { uuid }],
  ])('%j', (given, client) => {
    const read = say({ contact: given, input: { text: 'hi' } }).client
    expect(read).toStrictEqual(client)
  })

  it.each([
    ['contact', undefined],
    ['contact', null],
    ['contact.uuid', {}],
    ['contact.uuid', { uuid: ' ' }],
    ['contact.uuid', { uuid: 'x'.repeat(129) }],
    ['contact.uuid', { uuid: 'a\u0000b' }],
    ['contact.uuid', { uuid: 7 }],
  ])('refused at %s: %j', (path, given) => {
    const checked = clientMessageBody.safeParse({ contact: given, input: { text: 'hi' } })
    expect(checked.error?.issues.map(issue => issue.path.join('.'))).toEqual([path])
  })
})

describe('a registration', () => {
  it.each([undefined, null, '', '  ', 'x'.repeat(201), 5])('is refused for the department %j', department => {
    const checked = registerBody.safeParse({ contact, department })
    expect(checked.error?.issues.map(issue => issue.path.join('.'))).toEqual(['department'])
  })

  it.each([
    [undefined, {}],
    [null, {}],
    [{}, {}],
    [
      { a: 'x', b: 2, c: true, d: null },
      { a: 'x', b: '2', c: 'true' },
    ],
    [{ a: { value: 5, category: '' }, b: { value: null }, c: { category: 'x' } }, { a: '5' }],
  ])('has of the results %j', (results, read) => {
    expect(register({ contact, department: 'd', results }).results).toEqual(read)
  })

  it.each([
    [' 123 ', '123'],
    ['', undefined],
    [null, undefined],
  ])('has of the interaction id %j', (interactionId, read) => {
    expect(register({ contact, department: 'd', interactionId }).conversation).toBe(read)
  })
})

describe('the id of a message', () => {
  it.each([
    [{ uuid: ' u ' }, 'k', 'u'],
    [{ uuid: '' }, ' k ', 'k'],
    [{ uuid: null }, 'k', 'k'],
    [{}, ' ', undefined],
    [{}, undefined, undefined],
  ])('of input %j and the header %j', (input, key, id) => {
    expect(say({ contact, results: { clientmessage: 'hi' }, input }, key).id).toBe(id)
  })
})

describe('the text', () => {
  const long = 'word '.repeat(200).trim()
  it.each([
    ['the value', { clientmessage: { value: 'hi' } }, undefined, 'hi'],
    ['the value, the typed text unknown', { clientmessage: { value: 'hi' } }, { text: null }, 'hi'],
    ['an older name of the result', { client_message: 'hi' }, null, 'hi'],
    ['any case of the name', { Client_Message: 'hi' }, null, 'hi'],
    ['the exact name first', { ClientMessage: 'c', client_message: 'b', clientmessage: 'a' }, null, 'a'],
    ['what was typed, the value cut', { clientmessage: long.slice(0, 640) }, { text: long }, long],
    [
      'what was typed, the value matched',
      { clientmessage: 'blue' },
      { text: 'I like blue!' },
      'I like blue!',
    ],
    ['what was typed, the value empty', { clientmessage: '' }, { text: 'hi' }, 'hi'],
    ['what was typed, no such result', { age: { value: '7' } }, { text: 'hi' }, 'hi'],
    ['the value, something else typed', { clientmessage: 'yes' }, { text: 'no' }, 'yes'],
    ['a number', { clientmessage: { value: 7 } }, { text: '' }, '7'],
    ['as it is, spaces and all', { clientmessage: ' a\n\nb ' }, null, ' a\n\nb '],
    [
      'without addresses of its files',
      { clientmessage: `a\nb\n${url}` },
      { attachments: [`image/jpeg:${url}`] },
      'a\nb',
    ],
    ['empty, files alone', { clientmessage: url }, { text: '', attachments: [`image/jpeg:${url}`] }, ''],
    [
      'with other addresses',
      { clientmessage: `a\n${url}` },
      { attachments: [`image/jpeg:${url}2`] },
      `a\n${url}`,
    ],
  ])('%s', (_label, results, input, text) => {
    expect(say({ contact, results, input }).message.text).toBe(text)
  })

  it.each([
    [{}],
    [{ results: null, input: null }],
    [{ results: { clientmessage: { value: ' ' } }, input: { text: '\n', attachments: [] } }],
    [{ input: { attachments: ['unavailable:https://x.example.org/a'] } }],
  ])('missing, with no file: %j', body => {
    const invalid = { code: 'INVALID', message: expect.stringContaining('results.clientmessage.value') }
    expect(() => say({ contact, ...body })).toThrow(expect.objectContaining(invalid))
  })
})

describe('attachments', () => {
  it.each([
    [null, []],
    [[`image/jpeg:${url}`], [photo]],
    [[{ content_type: 'image/jpeg', url }], [photo]],
    [[`image:${url}:8`], [{ contentType: 'image', url: `${url}:8` }]],
    [[url, { url }], [1, 2].map(() => ({ contentType: 'application', url }))],
    [['geo:-2.9,-79.0'], [{ contentType: 'geo', url: 'geo:-2.9,-79.0' }]],
    [[{ content_type: 'geo', url: '-2.9,-79.0' }], [{ contentType: 'geo', url: 'geo:-2.9,-79.0' }]],
    [[{ content_type: 'geo', url: 'geo:-2.9,-79.0' }], [{ contentType: 'geo', url: 'geo:-2.9,-79.0' }]],
    [[`unavailable:${url}`, { content_type: 'unavailable', url }], []],
    [['', 'image/jpeg:', 'image/png:file:///etc/passwd', 'image/png:http://', {}, 'geo:'], []],
  ])('%j', (attachments, read) => {
    expect(say({ contact, input: { text: 'x', attachments } }).message.attachments).toEqual(read)
  })
})

describe('the schemas', () => {
  it.each([registerBody, clientMessageBody])('describe themselves, with an example they accept', schema => {
    const shown = z.toJSONSchema(schema, { io: 'input' })
    expect(shown.description).toMatch(/call_webhook/)
    expect(shown.examples).toHaveLength(1)
    expect(schema.safeParse(shown.examples?.[0]).success).toBe(true)
  })
})

describe('the language of the contact', () => {
  const language = (given: unknown) =>
    register({ contact: { ...contact, language: given }, department: 'd' }).language

  it.each(['spa', 'es', 'es-GT', 'QUC', ' eng '])('is taken as it is written: "%s"', given => {
    expect(language(given)).toBe(given.trim())
  })

  it.each([null, undefined, '', 7, {}, '@contact.language', 'xx', 'Spanish'])('is none: %j', given => {
    expect(language(given)).toBeUndefined()
  })
})
