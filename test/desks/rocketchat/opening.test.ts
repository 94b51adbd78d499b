import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import { expectError, NOW, nock, play, type Scene, type Step, UUID } from './support.ts'

const REQUEST: OpeningRequest = {
  session: 'session-1',
  client: { uuid: UUID, name: 'Ana', urn: 'tel:+50212345678' },
  department: 'GTM_HIV',
  results: { age: '34', empty: '' },
}

const VISITOR = { token: UUID, name: 'Ana', department: 'GTM_HIV' }
const register: Step = {
  ask: 'POST livechat/visitor',
  sends: { visitor: VISITOR },
  answer: { visitor: { _id: 'v1', token: UUID, department: 'dep1' }, success: true },
}
const askRoom = `GET livechat/room?token=${UUID}`
const created: Step = {
  ask: askRoom,
  answer: { room: { _id: 'room1', t: 'l', open: true }, newRoom: true, success: true },
}

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & {
  request?: Partial<OpeningRequest>
  opened?: unknown
  error?: [string, ...string[]]
}

const opens: Row[] = [
  {
    label: 'a new room that waits',
    steps: [register, created],
    opened: { conversation: { id: 'room1', state: null }, state: 'queued' },
  },
  {
    label: 'a room that was there, and served',
    steps: [
      register,
      {
        ask: askRoom,
        answer: { room: { _id: 'room7', servedBy: { _id: 'u1', username: 'maria' } }, newRoom: false },
      },
    ],
    opened: { conversation: { id: 'room7', state: null }, state: 'assigned', agent: 'maria' },
  },
  {
    label: 'an older visitor with a token of its own',
    settings: { send_phone: true },
    steps: [
      {
        ask: 'POST livechat/visitor',
        sends: { visitor: { ...VISITOR, phone: '+50212345678' } },
        answer: { visitor: { token: 'older-token' } },
      },
      { ask: 'GET livechat/room?token=older-token', answer: { room: { _id: 'room1' } } },
    ],
    opened: { conversation: { id: 'room1', state: { token: 'older-token' } }, state: 'queued' },
  },
  {
    label: 'a nameless client without a department',
    request: { client: { uuid: UUID, name: ' ' }, department: '' },
    steps: [{ ...register, sends: { visitor: { token: UUID } } }, created],
    opened: { conversation: { id: 'room1', state: null }, state: 'queued' },
  },
  {
    label: 'custom fields that are filled in, and the bot user',
    settings: {
      user_id: 'bot-id',
      auth_token: 'bot-token',
      custom_fields: {
        who: '{uuid} {urn} {department}',
        age: '{results.age}',
        none: '{results.empty}{results.x}',
      },
    },
    steps: [
      {
        ...register,
        sendsHeaders: { 'x-user-id': 'bot-id', 'x-auth-token': 'bot-token' },
        sends: {
          visitor: {
            ...VISITOR,
            customFields: [
              { key: 'who', value: `${UUID} tel:+50212345678 GTM_HIV`, overwrite: true },
              { key: 'age', value: '34', overwrite: true },
            ],
          },
        },
      },
      created,
    ],
    opened: { conversation: { id: 'room1', state: null }, state: 'queued' },
  },
  {
    label: 'no hidden phone',
    settings: { send_phone: true },
    request: { client: { uuid: UUID, name: 'Ana', urn: 'tel:********' } },
    steps: [register, created],
    opened: { conversation: { id: 'room1', state: null }, state: 'queued' },
  },
  {
    label: 'a phone from WhatsApp',
    settings: { send_phone: true, send_email: true },
    request: { client: { uuid: UUID, name: 'Ana', urn: 'whatsapp:50212345678' } },
    steps: [{ ...register, sends: { visitor: { ...VISITOR, phone: '+50212345678' } } }, created],
    opened: { conversation: { id: 'room1', state: null }, state: 'queued' },
  },
  {
    label: 'an e-mail',
    settings: { send_phone: true, send_email: true },
    request: { client: { uuid: UUID, name: 'Ana', urn: 'mailto:ana@example.org' } },
    steps: [{ ...register, sends: { visitor: { ...VISITOR, email: 'ana@example.org' } } }, created],
    opened: { conversation: { id: 'room1', state: null }, state: 'queued' },
  },
]

const refused = (answer: unknown, status = 400): Step[] => [register, { ask: askRoom, status, answer }]
const unregistered = (step: Partial<Step>): Step[] => [{ ...register, ...step }]

const refuses: Row[] = [
  {
    label: 'nobody online, 4.x',
    steps: refused({
      isClientSafe: true,
      error: 'no-agent-online',
      reason: 'Sorry, no online agents',
      message: 'Sorry, no online agents [no-agent-online]',
      errorType: 'Meteor.Error',
      success: false,
    }),
    error: ['NO_AGENT', 'nobody is online'],
  },
  {
    label: 'nobody online, 5.2 and later',
    steps: refused({
      success: false,
      error: 'Sorry, no online agents [no-agent-online]',
      errorType: 'no-agent-online',
    }),
    error: ['NO_AGENT'],
  },
  {
    label: 'nobody online, in brackets only',
    steps: refused({ success: false, error: 'Sorry, no online agents [no-agent-online]' }),
    error: ['NO_AGENT'],
  },
  {
    label: 'Omnichannel off',
    steps: refused({ success: false, error: 'error-omnichannel-is-disabled' }),
    error: ['NO_AGENT', 'switched off'],
  },
  {
    label: 'an unknown department, 8.x',
    steps: unregistered({ status: 400, answer: { success: false, error: 'error-invalid-department' } }),
    error: ['UNKNOWN_DEPARTMENT', 'GTM_HIV'],
  },
  {
    label: 'an unknown department, 5.2 to 7.x',
    steps: unregistered({
      status: 400,
      answer: {
        success: false,
        error: 'Invalid department [error-invalid-department]',
        errorType: 'error-invalid-department',
      },
    }),
    error: ['UNKNOWN_DEPARTMENT', 'GTM_HIV'],
  },
  {
    label: 'any other code',
    steps: refused({ success: false, error: '[error-app-prevented]', errorType: 'error-app-prevented' }),
    error: ['REJECTED', 'error-app-prevented'],
  },
  {
    label: 'words that are no code',
    steps: refused({ success: false, error: 'Ana lives in Main Street 5' }),
    error: ['REJECTED', 'no code'],
  },
  {
    label: 'a type check',
    steps: refused({ success: false, error: "Match error: Missing key 'token' in field visitor" }),
    error: ['REJECTED', 'Match error'],
  },
  {
    label: 'wrong credentials',
    steps: unregistered({
      status: 401,
      answer: { status: 'error', message: 'You must be logged in to do this.' },
    }),
    error: ['MISCONFIGURED'],
  },
  {
    label: 'a wrong address',
    steps: unregistered({ status: 404, answer: '<html>' }),
    error: ['MISCONFIGURED', 'root of the site'],
  },
  {
    label: 'a site that has moved',
    steps: unregistered({ status: 301, headers: { location: 'https://x.example.org' } }),
    error: ['MISCONFIGURED'],
  },
  {
    label: 'a crash',
    steps: unregistered({ status: 500, answer: 'Server error.' }),
    error: ['UNREACHABLE', '500'],
  },
  {
    label: 'a gateway without its server',
    steps: unregistered({ status: 502, answer: '<html>Bad Gateway</html>' }),
    error: ['UNREACHABLE', '502'],
  },
  {
    label: 'a timeout',
    steps: [{ ask: register.ask, fails: 'UND_ERR_HEADERS_TIMEOUT' }],
    error: ['TIMEOUT'],
  },
  { label: 'no server', steps: [{ ask: register.ask, fails: 'ECONNREFUSED' }], error: ['UNREACHABLE'] },
  {
    label: 'HTML in place of an answer',
    steps: unregistered({ answer: '<html>sign in</html>' }),
    error: ['UNEXPECTED', 'the body'],
  },
  {
    label: 'a visitor without a token',
    steps: unregistered({ answer: { visitor: { _id: 'v1' } } }),
    error: ['UNEXPECTED', 'visitor.token'],
  },
]

describe('openConversation', () => {
  test.each(opens)('opens $label', async row => {
    const outcome = await play(row, ({ desk, call }) =>
      desk.openConversation({ ...REQUEST, ...row.request }, call),
    )
    expect(outcome).toEqual(row.opened)
  })

  test.each(refuses)('is refused by $label', async row => {
    const outcome = await play(row, ({ desk, call }) => desk.openConversation(REQUEST, call))
    expectError(outcome, ...(row.error as [string, ...string[]]))
    expect((outcome as Error).message).not.toContain('Main Street')
  })

  test('waits until the moment the server names when it is over its limit', async () => {
    const headers = { 'x-ratelimit-reset': String(NOW + 42_000) }
    const answer = {
      success: false,
      error: 'Error, too many requests. Please slow down. [error-too-many-requests]',
    }
    const steps = [register, { ask: askRoom, status: 429, headers, answer }]
    const outcome = await play({ label: '429', steps }, ({ desk, call }) =>
      desk.openConversation(REQUEST, call),
    )
    expectError(outcome, 'THROTTLED')
    expect(outcome).toMatchObject({ retryAt: NOW + 42_000 })
  })

  test('takes a 400 of an old server for the limit it is', async () => {
    const answer = { success: false, error: 'Error, too many requests. [error-too-many-requests]' }
    const steps = unregistered({ status: 400, answer })
    const outcome = await play({ label: 'old 429', steps }, ({ desk, call }) =>
      desk.openConversation(REQUEST, call),
    )
    expect(outcome).toMatchObject({ code: 'THROTTLED', retryAt: NOW + 60_000 })
  })
})
