import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import { expectError, nock, play, REQUEST, type Reply, setStage, UUID } from './support.ts'

const created = { status: 'success', data: { ticketId: 25633, isAgentAvailable: true, isQueued: false } }
const OPENED = {
  conversation: { id: '25633', state: { conversationId: 'session-1', source: 'whatsapp' } },
  state: 'queued',
}

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

async function open(
  reply: Reply,
  settings: Record<string, unknown> = {},
  request: Partial<OpeningRequest> = {},
) {
  return play([reply], settings, ({ desk, call }) => desk.openConversation({ ...REQUEST, ...request }, call))
}

describe('the ticket that is asked for', () => {
  test('is as in the samples', async () => {
    const { outcome, seen } = await open({ answer: created })
    expect(outcome).toEqual(OPENED)
    expect(seen[0]?.path).toBe('/api/createTicket/acme')
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer desk-key')
    expect(seen[0]?.headers.get('content-type')).toBe('application/json')
    expect(seen[0]?.body).toEqual({
      body: {
        user: { userName: 'Ada Example', userMobile: '', senderId: UUID, userEmail: '' },
        ticket: {
          conversationHistory: '',
          source: 'whatsapp',
          ticketPriority: 'medium',
          conversationId: 'session-1',
          messageId: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/),
          ticketGroupId: 'GTM_HIV',
          customFields: { age: '34', color: 'red' },
          conversationHistoryJSON: [
            { name: 'age', value: '34' },
            { name: 'color', value: 'red' },
          ],
        },
      },
    })
  })

  type User = Record<string, unknown>
  test.each<[label: string, Record<string, unknown>, Partial<OpeningRequest>, user: User, ticket: User]>([
    ['a phone number', { send_phone: true }, {}, { userMobile: '50212345678' }, {}],
    [
      'its last ten digits',
      { send_phone: true, mobile_format: 'last10' },
      {},
      { userMobile: '0212345678' },
      {},
    ],
    ['E.164', { send_phone: true, mobile_format: 'e164' }, {}, { userMobile: '+50212345678' }, {}],
    [
      'a national number as E.164',
      { send_phone: true, mobile_format: 'e164' },
      { client: { uuid: UUID, urn: 'tel:1234-5678' } },
      { userMobile: '12345678' },
      { source: 'tel' },
    ],
    ['no leave to send it', { default_mobile: '+0' }, {}, { userMobile: '+0' }, {}],
    [
      'no number to send',
      { send_phone: true, default_mobile: '0000000000' },
      { client: { uuid: UUID } },
      { userMobile: '0000000000', userName: 'Client' },
      { source: 'web' },
    ],
    [
      'an e-mail address',
      { send_email: true },
      { client: { uuid: UUID, name: ' ', urn: 'mailto:ada@example.org' } },
      { userEmail: 'ada@example.org', userName: 'Client' },
      { source: 'mailto' },
    ],
    [
      'no leave to send it',
      { default_email: 'nobody@example.org', default_name: 'Person' },
      { client: { uuid: UUID, urn: 'mailto:ada@example.org' } },
      { userEmail: 'nobody@example.org', userName: 'Person' },
      {},
    ],
    ['a fixed source', { source: 'rapidpro' }, {}, {}, { source: 'rapidpro' }],
    [
      'priority and category',
      { priority: 'HIGH', category: 'sales' },
      {},
      {},
      { ticketPriority: 'high', ticketCategory: 'sales' },
    ],
    ['a group', { groups: { GTM_HIV: 14343, default: '9' } }, {}, {}, { ticketGroupId: '14343' }],
    ['another group', { groups: { GTM: 14343, default: '9' } }, {}, {}, { ticketGroupId: '9' }],
    [
      'a link to what was said',
      { history_url: 'https://bot.example.org/{uuid}/{department}?s={session}' },
      { department: 'A/B c' },
      {},
      { conversationHistory: `https://bot.example.org/${UUID}/A%2FB%20c?s=session-1` },
    ],
    ['no history', { send_history: false }, {}, {}, { conversationHistoryJSON: undefined }],
    ['no results', {}, { results: {} }, {}, { customFields: {}, conversationHistoryJSON: undefined }],
  ])('with %s', async (_, settings, request, user, ticket) => {
    const { seen } = await open({ answer: created }, settings, request)
    const { body } = seen[0]?.body ?? { body: { user: {}, ticket: {} } }
    expect({ ...body.user, conversationHistoryJSON: undefined }).toMatchObject(user)
    expect({ conversationHistoryJSON: undefined, ...body.ticket }).toMatchObject(ticket)
  })

  test('with its department in no group is not asked for', async () => {
    const { desk, call } = setStage({ groups: { GTM: 1 } })
    const outcome = await desk.openConversation(REQUEST, call).catch(error => error)
    expectError(outcome, 'UNKNOWN_DEPARTMENT', '"GTM_HIV"')
  })

  test.each([
    ['unwrapped', ['user', 'ticket']],
    ['flat', expect.arrayContaining(['senderId', 'ticketPriority', 'messageId'])],
  ])('%s', async (body_shape, keys) => {
    const { seen } = await open({ answer: created }, { body_shape })
    expect(Object.keys(seen[0]?.body ?? {})).toEqual(keys)
  })

  test('of a company with a name that is no path, and with the bare token', async () => {
    const { seen } = await open({ answer: created }, { company: 'a/b c', authorization: 'raw' })
    expect(seen[0]?.path).toBe('/api/createTicket/a%2Fb%20c')
    expect(seen[0]?.headers.get('authorization')).toBe('desk-key')
  })

  test('again has the same messageId, and for another session another one', async () => {
    const idOf = async (session: string) => {
      const { seen } = await open({ answer: created }, {}, { session })
      return seen[0]?.body.body.ticket.messageId
    }
    const id = await idOf('one')
    expect(await idOf('one')).toBe(id)
    expect(await idOf('two')).not.toBe(id)
  })
})

const answering = (data: unknown, more: Record<string, unknown> = { status: 'success' }) => ({
  answer: { ...more, data },
})
const flags = (isAgentAvailable: unknown, isQueued: unknown) =>
  answering({ ticketId: 25633, isAgentAvailable, isQueued })

describe('an answer that is a ticket', () => {
  test.each<[string, Reply, id?: string]>([
    ['an agent is there', flags(true, false)],
    ['it waits', flags(false, true)],
    ['both, so it waits', flags(true, true)],
    ['no flags', answering({ ticketId: 25633 })],
    ['flags as texts', flags('False', 'TRUE')],
    ['no queue, and nothing of agents', flags(undefined, false)],
    ['Success', answering({ ticketId: 25633 }, { status: ' Success' })],
    ['no word', answering({ ticketId: 25633 }, {})],
    ['201', { ...flags(true, false), status: 201 }],
    ['an id that is a text', answering({ ticketId: ' TCK-9 ' }), 'TCK-9'],
    [
      'an id of many digits',
      { answer: '{"status":"success","data":{"ticketId":9007199254740993}}' },
      '9007199254740993',
    ],
    ['an id of 0', answering({ ticketId: 0 }), '0'],
  ])('%s', async (_, reply, id = '25633') => {
    const { outcome } = await open(reply)
    expect(outcome).toEqual({ ...OPENED, conversation: { ...OPENED.conversation, id } })
  })
})

describe('an answer that is none', () => {
  const SECRET = 'Ada has a secret'
  test.each<[string, Reply, code: string, ...words: string[]]>([
    ['nobody is there', flags(false, false), 'NO_AGENT'],
    ['nobody is there, as texts', flags('false', 'No'), 'NO_AGENT'],
    ['nobody is there, nothing of a queue', flags(false, undefined), 'NO_AGENT'],
    [
      'nobody is there, as a failure',
      answering({ isAgentAvailable: false, isQueued: false }, { status: 'failure' }),
      'NO_AGENT',
    ],
    ['a failure', { answer: { status: 'failure', data: {}, message: SECRET } }, 'REJECTED', '200'],
    [
      'a failure that names a field',
      { answer: { status: 'FAILURE', message: `${SECRET}: UserMobile, ticketPriority` } },
      'REJECTED',
      'it names userMobile, ticketPriority',
    ],
    ['a failure with a ticket', answering({ ticketId: 1 }, { status: 'failure' }), 'REJECTED'],
    ['success with 422', { ...flags(true, false), status: 422 }, 'REJECTED', '422'],
    ['422 with a ticket and no word', { ...answering({ ticketId: 1 }, {}), status: 422 }, 'REJECTED'],
    ['400 in other words', { status: 400, answer: { error: SECRET } }, 'REJECTED', '400'],
    ['another word', answering({ ticketId: 1 }, { status: 'error' }), 'REJECTED'],
    ['no ticket', answering({}), 'UNEXPECTED', 'ticketId'],
    ['a ticket of null', answering({ ticketId: null }), 'UNEXPECTED'],
    ['an empty ticket', answering({ ticketId: '' }), 'UNEXPECTED'],
    ['an object as ticket', answering({ ticketId: { id: 1 } }), 'UNEXPECTED'],
    ['no data', { answer: { status: 'success', data: null } }, 'UNEXPECTED'],
    ['nothing', { answer: '' }, 'UNEXPECTED'],
    ['a page', { answer: '<html>' }, 'UNEXPECTED'],
    ['a list', { answer: [1] }, 'UNEXPECTED'],
    ['404', { status: 404, answer: { message: 'Not Found' } }, 'MISCONFIGURED', 'url and company'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere' } }, 'MISCONFIGURED'],
    ['401', { status: 401, answer: { status: 'failure' } }, 'MISCONFIGURED', 'credentials'],
    ['403', { status: 403 }, 'MISCONFIGURED'],
    ['429', { status: 429 }, 'THROTTLED'],
    ['500', { status: 500, answer: { status: 'success', data: { ticketId: 1 } } }, 'UNREACHABLE'],
    ['a broken connection', { fails: 'ECONNRESET' }, 'UNREACHABLE'],
  ])('%s', async (_, reply, code, ...words) => {
    const { outcome, logged } = await open(reply)
    expectError(outcome, code, 'helpdesk', ...words)
    expect(String(outcome) + logged.join()).not.toMatch(/secret|Ada|desk-key|acme/)
  })
})
