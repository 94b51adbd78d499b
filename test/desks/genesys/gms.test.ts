import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpeningRequest } from '../../../src/desks/desk.ts'
import {
  anOpening,
  aSending,
  aSession,
  expectError,
  GIVEN_GMS,
  GMS,
  ODD_TEXT,
  play,
  type Scene,
  type Step,
  useNoNetwork,
} from './support.ts'

useNoNetwork({ beforeEach, afterEach })

const KEYS = { userId: 'user-1', secureKey: 'the-secret-key', alias: '117' }
const CHAT = { id: 'chat-1', state: { leg: 'gms', service: 'hiv', ...KEYS } }
const AT_CHAT = `${GMS}/genesys/2/chat/hiv/chat-1`
const OK = { statusCode: 0, chatEnded: false }
const failure = (statusCode: number, chatEnded = false) => ({
  statusCode,
  chatEnded,
  errors: [{ code: 245, advice: 'no, secret' }],
})

type Row = Scene & { error?: [string, ...string[]] }

const played = (row: Row, act: Parameters<typeof play>[1]) => play({ settings: GIVEN_GMS, ...row }, act)

describe('openConversation', () => {
  const form = {
    nickname: 'Ana',
    subject: 'GTM_HIV',
    'userData[mediatorKey]': 'session-1',
    'userData[mediatorKeyDepartment]': 'GTM_HIV',
  }
  const created = { ...OK, ...KEYS, chatId: 'chat-1', messages: [] }
  const create = (service: string, answer: unknown = created, more: Record<string, string> = {}): Step => ({
    ask: `POST ${GMS}/genesys/2/chat/${service}`,
    sendsForm: { ...form, ...more },
    sendsHeaders: { authorization: undefined },
    answer,
  })
  const plain = create('GTM_HIV')

  const rows: (Row & { service?: string; opening?: Partial<OpeningRequest> })[] = [
    { label: 'creates a chat with the service of that name', steps: [plain] },
    {
      label: 'takes the service of the department',
      settings: { ...GIVEN_GMS, endpoints: { GTM_HIV: 'hiv chat' } },
      service: 'hiv chat',
      steps: [create('hiv%20chat')],
    },
    {
      label: 'refuses a department without service',
      settings: { ...GIVEN_GMS, endpoints: { OTHER: 'other' } },
      steps: [],
      error: ['UNKNOWN_DEPARTMENT', 'GTM_HIV'],
    },
    { label: 'wants a department', opening: { department: '' }, steps: [], error: ['UNKNOWN_DEPARTMENT'] },
    {
      label: 'logs in and attaches data',
      settings: {
        ...GIVEN_GMS,
        gms_user: 'u',
        gms_password: 'p:q',
        user_data: { 'My Topic': '{results.topic}' },
      },
      steps: [
        {
          ...create('GTM_HIV', created, { 'userData[My Topic]': 'a & b' }),
          sendsHeaders: { authorization: 'Basic dTpwOnE=' },
        },
      ],
    },
    {
      label: 'takes numbers for ids',
      steps: [create('GTM_HIV', { ...created, alias: 117 })],
    },
    {
      label: 'wants the ids',
      steps: [create('GTM_HIV', { ...created, secureKey: '' })],
      error: ['UNEXPECTED', 'ids'],
    },
    {
      label: 'names the service that is refused',
      steps: [{ ...create('GTM_HIV', failure(2, true)), status: 404 }],
      error: ['MISCONFIGURED', 'GTM_HIV', '245'],
    },
    { label: 'finds it failing', steps: [create('GTM_HIV', failure(1))], error: ['UNREACHABLE', '245'] },
    {
      label: 'finds it down',
      steps: [{ ...plain, status: 502, answer: '<html>' }],
      error: ['UNREACHABLE', '502'],
    },
    {
      label: 'finds no such path',
      steps: [{ ...plain, status: 404, answer: '<html>' }],
      error: ['UNEXPECTED', 'gms_url'],
    },
    {
      label: 'is a stranger',
      steps: [{ ...plain, status: 401, answer: failure(2) }],
      error: ['MISCONFIGURED'],
    },
    { label: 'is cut off', steps: [{ ...plain, fails: 'ECONNRESET' }], error: ['UNREACHABLE'] },
  ]

  test.each(rows)('$label', async row => {
    const outcome = await played(row, ({ desk, call }) => desk.openConversation(anOpening(row.opening), call))
    if (row.error) return expectError(outcome, ...row.error)
    const state = { leg: 'gms', service: row.service ?? 'GTM_HIV', ...KEYS }
    expect(outcome).toEqual({ conversation: { id: 'chat-1', state }, state: 'queued' })
  })
})

describe('sendToAgent', () => {
  const say = (message: string, answer: unknown = OK): Step => ({
    ask: `POST ${AT_CHAT}/send`,
    sendsForm: { ...KEYS, message },
    answer,
  })

  const rows: (Row & { text?: string; state?: null })[] = [
    { label: 'says it as the client', steps: [say('hello')] },
    { label: 'says it as it is', text: ODD_TEXT, steps: [say(ODD_TEXT)] },
    { label: 'finds the chat over', steps: [say('hello', failure(2))], error: ['CONVERSATION_GONE'] },
    {
      label: 'finds the chat ended',
      steps: [say('hello', { ...OK, chatEnded: true })],
      error: ['CONVERSATION_GONE'],
    },
    {
      label: 'finds the chat over, by status too',
      steps: [{ ...say('hello', failure(2)), status: 400 }],
      error: ['CONVERSATION_GONE'],
    },
    { label: 'finds it failing', steps: [say('hello', failure(1))], error: ['UNREACHABLE'] },
    { label: 'meets an unknown status', steps: [say('hello', failure(7))], error: ['UNEXPECTED'] },
    { label: 'does not take HTML for success', steps: [say('hello', '<html>')], error: ['UNEXPECTED'] },
    { label: 'does not know a chat of another way', state: null, steps: [], error: ['CONVERSATION_GONE'] },
  ]

  test.each(rows)('$label', async row => {
    const conversation = row.state === null ? { ...CHAT, state: { leg: 'gws' } } : CHAT
    const sending = aSending({ text: row.text ?? 'hello' }, conversation)
    const outcome = await played(row, ({ desk, call }) => desk.sendToAgent(sending, call))
    if (row.error) expectError(outcome, ...row.error)
    else expect(outcome).toBeUndefined()
  })
})

describe('closeConversation', () => {
  const disconnect = (answer: unknown = OK): Step => ({
    ask: `POST ${AT_CHAT}/disconnect`,
    sendsForm: KEYS,
    answer,
  })

  const rows: (Row & { state?: null })[] = [
    { label: 'disconnects', steps: [disconnect()] },
    { label: 'is content with one of another way', state: null, steps: [] },
    { label: 'is content with one that is over', steps: [disconnect(failure(2, true))] },
    { label: 'is content with one that has ended', steps: [disconnect({ ...OK, chatEnded: true })] },
    { label: 'tries again when it fails', steps: [disconnect(failure(1))], error: ['UNREACHABLE'] },
  ]

  test.each(rows)('$label', async row => {
    const conversation = row.state === null ? { ...CHAT, state: null } : CHAT
    const outcome = await played(row, ({ desk, call }) =>
      desk.closeConversation(aSession(conversation), 'bot', call),
    )
    if (row.error) expectError(outcome, ...row.error)
    else expect(outcome).toBeUndefined()
  })
})
