import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import {
  anOpening,
  expectError,
  GIVEN_GWS,
  play,
  type Scene,
  type Step,
  UUID,
  useNoNetwork,
} from './support.ts'

useNoNetwork({ beforeEach, afterEach })

const AS_CUSTOMER = { contactcenterid: 'center-1', authorization: undefined, cookie: undefined }
const OK = { statusCode: 0 }
const failure = (statusCode: number) => ({ statusCode, statusMessage: 'no: secret' })

type Row = Scene & { error?: [string, ...string[]] }

describe('openConversation', () => {
  const asked = {
    operationName: 'RequestChat',
    nickname: 'Ana',
    subject: 'GTM_HIV',
    endpoint: 'GTM_HIV',
    userData: { mediatorKey: 'session-1', mediatorKeyDepartment: 'GTM_HIV' },
  }
  const request = (
    more: Record<string, unknown> = {},
    answer: unknown = { ...OK, id: 'c1', path: '/x' },
  ): Step => ({
    ask: 'POST /chats',
    sends: { ...asked, ...more },
    sendsHeaders: AS_CUSTOMER,
    answer,
  })
  const plain = request()

  const rows: (Row & { opening?: Partial<OpeningRequest> })[] = [
    { label: 'requests a chat', steps: [plain] },
    {
      label: 'takes the endpoint of the department',
      settings: { ...GIVEN_GWS, endpoints: { GTM_HIV: 'hiv', default: 'general' } },
      steps: [request({ endpoint: 'hiv' })],
    },
    {
      label: 'takes the default endpoint',
      settings: { ...GIVEN_GWS, endpoints: { default: 'general' } },
      steps: [request({ endpoint: 'general' })],
    },
    {
      label: 'refuses a department without endpoint, by name',
      settings: { ...GIVEN_GWS, endpoints: { OTHER: 'other' } },
      steps: [],
      error: ['UNKNOWN_DEPARTMENT', 'GTM_HIV'],
    },
    {
      label: 'names no endpoint without a department',
      opening: { department: '' },
      steps: [request({ endpoint: undefined, subject: 'Ana', userData: { mediatorKey: 'session-1' } })],
    },
    {
      label: 'calls the nameless as configured',
      opening: { client: { uuid: UUID, name: ' ' } },
      settings: { ...GIVEN_GWS, client_nickname: 'Paciente' },
      steps: [request({ nickname: 'Paciente' })],
    },
    {
      label: 'fills in subject and attached data',
      settings: {
        ...GIVEN_GWS,
        subject: '{name}, {results.age}',
        user_data_key: 'key',
        user_data: { Age: '{results.age}', Who: '{uuid} {urn}', Nothing: '{results.none}' },
      },
      steps: [
        request({
          subject: 'Ana, 34',
          userData: {
            key: 'session-1',
            keyDepartment: 'GTM_HIV',
            Age: '34',
            Who: `${UUID} tel:+50212345678`,
          },
        }),
      ],
    },
    {
      label: 'sends extra headers',
      settings: { url: GIVEN_GWS.url, headers: { apikey: 'gateway-secret' } },
      steps: [{ ...plain, sendsHeaders: { apikey: 'gateway-secret', contactcenterid: undefined } }],
    },
    {
      label: 'says the results as the first message',
      settings: { ...GIVEN_GWS, send_history: true },
      steps: [
        plain,
        {
          ask: 'POST /chats/c1',
          sends: { operationName: 'SendMessage', text: 'age: 34\ntopic: a & b' },
          answer: OK,
        },
      ],
    },
    {
      label: 'says nothing first without results',
      opening: { results: {} },
      settings: { ...GIVEN_GWS, send_history: true },
      steps: [plain],
    },
    {
      label: 'opens all the same when the results are not taken',
      settings: { ...GIVEN_GWS, send_history: true },
      steps: [plain, { ask: 'POST /chats/c1', answer: failure(4) }],
    },
    { label: 'takes a code written as text', steps: [request({}, { statusCode: '0', id: 'c1' })] },
    {
      label: 'names the endpoint',
      steps: [request({}, failure(6))],
      error: ['MISCONFIGURED', 'GTM_HIV', '6'],
    },
    {
      label: 'names the endpoint, code 2',
      steps: [request({}, failure(2))],
      error: ['MISCONFIGURED', 'GTM_HIV'],
    },
    {
      label: 'wants an id',
      steps: [request({}, OK)],
      error: ['UNEXPECTED', 'id'],
    },
    { label: 'wants JSON', steps: [request({}, '<html>')], error: ['UNEXPECTED'] },
    { label: 'finds it down', steps: [{ ...plain, status: 503, answer: '<html>' }], error: ['UNREACHABLE'] },
    { label: 'finds it failing', steps: [request({}, failure(4))], error: ['UNREACHABLE'] },
    { label: 'is told to wait', steps: [{ ...plain, status: 429, answer: '' }], error: ['THROTTLED'] },
    { label: 'is a stranger', steps: [{ ...plain, status: 401, answer: '' }], error: ['MISCONFIGURED'] },
    { label: 'is a stranger by code', steps: [request({}, failure(20))], error: ['MISCONFIGURED'] },
    {
      label: 'is forbidden',
      steps: [{ ...plain, status: 403, answer: failure(3) }],
      error: ['MISCONFIGURED'],
    },
    { label: 'is cut off', steps: [{ ...plain, fails: 'ECONNRESET' }], error: ['UNREACHABLE'] },
  ]

  test.each(rows)('$label', async row => {
    const outcome = await play(row, ({ desk, call }) => desk.openConversation(anOpening(row.opening), call))
    if (row.error) expectError(outcome, ...row.error)
    else expect(outcome).toEqual({ conversation: { id: 'c1', state: { leg: 'gws' } }, state: 'queued' })
  })
})
