import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import { expectError, HASH, nock, play, ROOM, type Scene, type Step, UUID } from './support.ts'

const REQUEST: OpeningRequest = {
  session: 'session-1',
  client: { uuid: UUID, name: 'Ada Example', urn: 'tel:+593990001234' },
  department: 'GTM_HIV',
  results: {},
}
const GROUPS = { default: 2179, GTM_HIV: '2180' }
const USER = {
  hash: HASH,
  firstname: 'Ada',
  lastname: 'Example',
  username: null,
  email: null,
  phone: null,
  picture: null,
  extra: [],
}
const BODY = {
  botId: 1000,
  groupsId: [2180],
  botToken: 'bot-secret',
  protocolId: 28,
  user: USER,
  status: 'queued',
  lastSender: 'user',
}
const queued: Step = {
  path: 'queue/external',
  sends: BODY,
  answer: { conversationId: ROOM, customToken: 'token', messageQueueId: 0, notAttended: 0 },
}
const sends = (change: object): Step[] => [{ ...queued, sends: { ...BODY, ...change } }]
const sendsUser = (change: object): Step[] => sends({ user: { ...USER, ...change } })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & { request?: Partial<OpeningRequest>; error?: [string, ...string[]] }

const client = (change: Partial<OpeningRequest['client']>) => ({
  client: { ...REQUEST.client, ...change },
})

const opens: Row[] = [
  { label: 'in the group of its department', steps: [queued] },
  {
    label: 'in the group for all others',
    request: { department: 'ECU_TB' },
    steps: sends({ groupsId: [2179] }),
  },
  {
    label: 'in the group the department is, where there is no table',
    settings: { groups: undefined },
    request: { department: '77' },
    steps: sends({ groupsId: [77] }),
  },
  {
    label: 'with another protocol and further headers',
    settings: { protocol_id: 1, headers: { 'X-Token': 'gateway-token' } },
    steps: [{ ...queued, sends: { ...BODY, protocolId: 1 }, sendsHeaders: { 'x-token': 'gateway-token' } }],
  },
  {
    label: 'with its phone, in digits',
    settings: { send_phone: true },
    steps: sendsUser({ phone: '593990001234' }),
  },
  {
    label: 'with a phone from WhatsApp',
    settings: { send_phone: true, send_email: true },
    request: client({ urn: 'whatsapp:593990001234' }),
    steps: sendsUser({ phone: '593990001234' }),
  },
  {
    label: 'with its e-mail',
    settings: { send_phone: true, send_email: true },
    request: client({ urn: 'mailto:ada@example.org' }),
    steps: sendsUser({ email: 'ada@example.org' }),
  },
  {
    label: 'without the e-mail nobody let us tell',
    request: client({ urn: 'mailto:ada@example.org' }),
    steps: sendsUser({}),
  },
  {
    label: 'without a hidden phone',
    settings: { send_phone: true },
    request: client({ urn: 'tel:********' }),
    steps: sendsUser({}),
  },
  {
    label: 'for somebody with one name',
    request: client({ name: ' Ada ' }),
    steps: sendsUser({ lastname: null }),
  },
  {
    label: 'for somebody with many names',
    request: client({ name: 'Ada  María de la Cruz' }),
    steps: sendsUser({ lastname: 'María de la Cruz' }),
  },
  {
    label: 'for nobody we know',
    request: { client: { uuid: UUID, name: ' ' } },
    steps: sendsUser({ firstname: 'Client', lastname: null }),
  },
  {
    label: 'for somebody without a name, whose phone may be told',
    settings: { send_phone: true },
    request: client({ name: '' }),
    steps: sendsUser({ firstname: '593990001234', lastname: null, phone: '593990001234' }),
  },
  {
    label: 'for somebody without a name, whose phone may not be told',
    request: client({ name: '' }),
    steps: sendsUser({ firstname: 'Client', lastname: null }),
  },
  {
    label: 'for an id that is no UUID, as a digest',
    request: client({ uuid: 'whatsapp_593 99' }),
    steps: sendsUser({ hash: '3ebbcbb5f1b9ba92b3fb6c2b94dbd60d2acac674' }),
  },
  {
    label: 'with what the flow knows',
    request: { results: { Ticket: ' 2024 ', age: '34', none: ' ', ' ': 'x' } },
    steps: sendsUser({ extra: [{ Ticket: '2024' }, { age: '34' }] }),
  },
  {
    label: 'with what the flow knows, as one object',
    settings: { extra_shape: 'object' },
    request: { results: { Ticket: '2024', age: '34' } },
    steps: sendsUser({ extra: { Ticket: '2024', age: '34' } }),
  },
  {
    label: 'with nothing the flow knows, as a list all the same',
    settings: { extra_shape: 'object' },
    steps: sendsUser({ extra: [] }),
  },
  {
    label: 'with long results cut short, between letters',
    request: { results: { story: '👋'.repeat(300) } },
    steps: sendsUser({ extra: [{ story: `${'👋'.repeat(249)}…` }] }),
  },
  {
    label: 'whose id has the webhook’s name',
    steps: [{ ...queued, answer: { roomId: ROOM } }],
  },
]

const refused = (step: Partial<Step>): Step[] => [{ ...queued, ...step }]

const refuses: Row[] = [
  {
    label: 'a department without a group, before any call',
    settings: { groups: { GTM_TB: 1 } },
    steps: [],
    error: ['UNKNOWN_DEPARTMENT', 'GTM_HIV'],
  },
  {
    label: 'a department that is no number, where there is no table',
    settings: { groups: undefined },
    steps: [],
    error: ['UNKNOWN_DEPARTMENT', 'GTM_HIV', 'groups'],
  },
  {
    label: 'a group Aivo does not know',
    steps: refused({ status: 404, answer: { error: 'no such group' } }),
    error: ['REJECTED', '404', 'check groups and url'],
  },
  { label: 'a 400', steps: refused({ status: 400, answer: { error: 'Ada' } }), error: ['REJECTED', '400'] },
  { label: 'a 422 in HTML', steps: refused({ status: 422, answer: '<p>' }), error: ['REJECTED', '422'] },
  { label: 'a wrong token', steps: refused({ status: 401 }), error: ['MISCONFIGURED'] },
  { label: 'a door that is shut', steps: refused({ status: 403 }), error: ['MISCONFIGURED'] },
  {
    label: 'an address that has moved',
    steps: refused({ status: 301, headers: { location: 'https://x.example.org' } }),
    error: ['MISCONFIGURED', 'check url'],
  },
  { label: 'an address of another kind', steps: refused({ status: 405 }), error: ['MISCONFIGURED'] },
  { label: 'a crash', steps: refused({ status: 500, answer: 'oops' }), error: ['UNREACHABLE', '500'] },
  { label: 'a gateway alone', steps: refused({ status: 502, answer: '<html>' }), error: ['UNREACHABLE'] },
  { label: 'a limit', steps: refused({ status: 429 }), error: ['THROTTLED'] },
  { label: 'a timeout', steps: refused({ fails: 'UND_ERR_HEADERS_TIMEOUT' }), error: ['TIMEOUT'] },
  { label: 'no server', steps: refused({ fails: 'ECONNREFUSED' }), error: ['UNREACHABLE'] },
  {
    label: 'a 200 without an id',
    steps: refused({ answer: { customToken: 'token' } }),
    error: ['UNEXPECTED', 'conversationId'],
  },
  { label: 'an empty id', steps: refused({ answer: { conversationId: '' } }), error: ['UNEXPECTED'] },
  { label: 'an id that is none', steps: refused({ answer: { conversationId: {} } }), error: ['UNEXPECTED'] },
  { label: 'a 200 in HTML', steps: refused({ answer: '<html>' }), error: ['UNEXPECTED'] },
  { label: 'a 200 without a body', steps: refused({ answer: '' }), error: ['UNEXPECTED'] },
  { label: 'a 200 that is a list', steps: refused({ answer: '[]' }), error: ['UNEXPECTED'] },
]

const open = (row: Row) =>
  play({ ...row, settings: { groups: GROUPS, ...row.settings } }, ({ desk, call }) =>
    desk.openConversation({ ...REQUEST, ...row.request }, call),
  )

describe('openConversation', () => {
  test.each(opens)('queues $label', async row => {
    expect(await open(row)).toEqual({ conversation: { id: ROOM, state: null }, state: 'queued' })
  })

  test.each(refuses)('is refused by $label', async row => {
    const outcome = await open(row)
    expectError(outcome, ...(row.error as [string, ...string[]]))
    expect((outcome as Error).message).not.toContain('Ada')
  })
})
