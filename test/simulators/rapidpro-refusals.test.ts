import { describe, expect, test } from 'vitest'
import type { ProfileName } from '../../simulators/rapidpro/index.ts'
import { ann, ended, form, nobody, post, say, start, wide } from './rapidpro-support.ts'

/** What is posted where, and the status and body it is refused with. */
type Row = { name: string; path: string; body: unknown; status: number; answer: unknown }

const row = (name: string, path: string, body: unknown, status: number, answer: unknown): Row => ({
  name,
  path,
  body,
  status,
  answer,
})
const field = (name: string, path: string, body: unknown, key: string, problem: unknown): Row =>
  row(name, path, body, 400, { [key]: typeof problem === 'string' ? [problem] : problem })
const overall = (name: string, path: string, body: unknown, problem: string): Row =>
  field(name, path, body, 'non_field_errors', problem)
const detail = (name: string, path: string, body: unknown, status: number, problem: string): Row =>
  row(name, path, body, status, { detail: expect.stringContaining(problem) })

const noMore = (max: number) => `Ensure this field has no more than ${max} characters.`
const long = 'x'.repeat(641)
const foreign = 'image/png:https://a.b/c.png'
const tenItems = 'This field can only contain up to 10 items.'
const eleven = Array(11).fill('a')
const huge = 25 * 1024 * 1024 + 1
const annByUuid = `contacts.json?uuid=${ann}`
const badUrn = { 0: [expect.stringContaining('Invalid URN')] }
const taken = { 0: ['URN is in use by another contact.'] }
const starting = { flow: ended, contacts: [ann] }
const adding = { contacts: [ann], action: 'add' }

const messages = [
  field('no contact', 'messages.json', { text: 'hi' }, 'contact', 'This field is required.'),
  field('unknown', 'messages.json', { contact: nobody, text: 'a' }, 'contact', `No such object: ${nobody}`),
  field('blank text', 'messages.json', say(' \n'), 'text', 'This field may not be blank.'),
  overall('nothing to say', 'messages.json', { contact: ann }, 'Must provide either text or attachments.'),
  field('text not text', 'messages.json', say([]), 'text', 'Not a valid string.'),
  field('null text', 'messages.json', say(null), 'text', 'This field may not be null.'),
  field('NUL', 'messages.json', say('a\0b'), 'text', 'Null characters are not allowed.'),
  field('long text', 'messages.json', say(long), 'text', noMore(640)),
  field(
    'foreign file',
    'messages.json',
    { ...say('a'), attachments: [foreign] },
    'attachments',
    `No such object: ${foreign}`,
  ),
  field('eleven files', 'messages.json', { ...say('a'), attachments: eleven }, 'attachments', tenItems),
  overall('a list', 'messages.json', [1], 'Request body should be a single JSON object'),
  detail('not JSON', 'messages.json', '{ "a": 1) }', 400, 'JSON parse error'),
  detail('a form', 'messages.json', form('image/png', 1), 415, 'Unsupported media type'),
]
const broadcasts = [
  overall('nobody', 'broadcasts.json', { text: 'a' }, 'Must provide either urns, contacts or groups.'),
  overall('nothing', 'broadcasts.json', { contacts: [ann] }, 'Must provide either text or attachments.'),
  field('bad URN', 'broadcasts.json', { text: 'a', urns: ['nope'] }, 'urns', badUrn),
  field('long broadcast', 'broadcasts.json', wide(long), 'text', noMore(640)),
]
const starts = [
  field(
    'unknown flow',
    'flow_starts.json',
    { ...starting, flow: nobody },
    'flow',
    `No such object: ${nobody}`,
  ),
  overall(
    'start of nobody',
    'flow_starts.json',
    { flow: ended },
    'Must specify at least one group, contact or URN',
  ),
  field(
    'text params',
    'flow_starts.json',
    { ...starting, params: 'x' },
    'params',
    'Must be a valid JSON object',
  ),
]
const contacts = [
  field(
    'unknown action',
    'contact_actions.json',
    { ...adding, action: 'hug' },
    'action',
    '"hug" is not a valid choice.',
  ),
  overall('no group', 'contact_actions.json', adding, 'For action "add" you should also specify a group'),
  field('unknown field', annByUuid, { fields: { x: '1' } }, 'fields', 'Invalid contact field key: x'),
  field('long name', annByUuid, { name: 'x'.repeat(65) }, 'name', noMore(64)),
  detail('unknown uuid', `contacts.json?uuid=${nobody}`, { name: 'X' }, 404, 'Not found.'),
  detail('bad URN in URL', 'contacts.json?urn=nope', { name: 'X' }, 400, 'Invalid URN: nope'),
  field('taken URN', 'contacts.json', { urns: ['tel:+12024561111'] }, 'urns', taken),
]
const others = [
  field('Word file', 'media.json', form('application/msword', 9), 'file', 'Unsupported file type.'),
  field('huge file', 'media.json', form('image/png', huge), 'file', 'Limit for file uploads is 25.0 MB.'),
  field('no file', 'media.json', form('image/png', 9, 'other'), 'file', 'No file was submitted.'),
  detail('JSON as file', 'media.json', {}, 415, 'Unsupported media type "application/json" in request.'),
  detail('opening a ticket', 'tickets.json', {}, 405, 'Method "POST" not allowed.'),
]

const refused: Record<ProfileName, Row[]> = {
  '7.4': [
    detail('sending', 'messages.json', say('hi'), 405, 'Method "POST" not allowed.'),
    field(
      'a file alone',
      'broadcasts.json',
      { ...wide(''), text: undefined },
      'text',
      'This field is required.',
    ),
    field('long text', 'broadcasts.json', wide(long), 'text', noMore(640)),
    row('media', 'media.json', form('image/png', 1), 400, undefined),
  ],
  '9': [...messages, ...broadcasts, ...starts, ...contacts, ...others],
  '26': [
    field('long text', 'messages.json', say('x'.repeat(4097)), 'text', noMore(4096)),
    field('SVG', 'media.json', form('image/svg+xml', 9), 'file', 'Unsupported file type.'),
    field(
      'quick replies',
      'messages.json',
      { ...say('a'), quick_replies: eleven },
      'quick_replies',
      tenItems,
    ),
  ],
}

describe.each(['7.4', '9', '26'] as const)('what RapidPro %s refuses', profile => {
  test.each(refused[profile])('$name', async ({ path, body, status, answer }) => {
    const rapidpro = await start({ profile })
    const { status: got, json } = await post(rapidpro, path, body)
    expect([got, json]).toEqual([status, answer])
    expect(rapidpro.state.counts).toEqual({ requests: 1 })
  })
})
