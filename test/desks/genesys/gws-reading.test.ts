import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChatState } from '../../../src/desks/genesys/customer-leg.ts'
import { checkReading, luis, type Row } from './reading.ts'
import { expectError, ODD_TEXT, play, type Scene, type Step, useNoNetwork } from './support.ts'

useNoNetwork({ beforeEach, afterEach })

describe('Web Services', () => {
  const CHAT = { id: 'c 1', state: { leg: 'gws' } }
  const ask = (index: number, answer: unknown, status = 200): Step => ({
    ask: `GET /chats/c%201/messages?index=${index}`,
    sendsHeaders: { contactcenterid: 'center-1', authorization: undefined },
    answer,
    status,
  })
  const say = (messages: unknown) => ({ statusCode: 0, messages })
  const said = {
    index: 3,
    kind: 'text',
    by: 'agent',
    nickname: 'Luis',
    text: ODD_TEXT,
    isForClient: true,
  } as const

  const rows: Row[] = [
    { label: 'reads all at first', steps: [ask(0, say([]))] },
    {
      label: 'reads on after the cursor',
      cursor: '2',
      steps: [ask(3, say([{ index: 3, type: 'Text', text: ODD_TEXT, from: luis }]))],
      lines: [said],
    },
    {
      label: 'reads a time where there is one, and an index as text',
      steps: [
        ask(
          0,
          say([
            { index: '3', type: 'Text', text: ODD_TEXT, from: luis, timestampSeconds: 1_398_000_000_000 },
          ]),
        ),
      ],
      lines: [{ ...said, at: 1_398_000_000_000 }],
    },
    {
      label: 'knows who comes and goes',
      steps: [
        ask(
          0,
          say([
            { index: 1, type: 'ParticipantJoined', from: { ...luis, type: 'Customer' } },
            { index: 2, type: 'ParticipantJoined', from: luis },
            { index: 3, type: 'ParticipantLeft', from: luis },
            { index: 4, type: 'ParticipantRejoined', from: luis },
          ]),
        ),
      ],
      lines: [
        { index: 1, kind: 'joined', by: 'client' },
        { index: 2, kind: 'joined', by: 'agent' },
        { index: 3, kind: 'left', by: 'agent' },
        { index: 4, kind: 'other' },
      ],
    },
    {
      label: 'knows whispers and machines',
      steps: [
        ask(
          0,
          say([
            { index: 1, type: 'Text', text: 'psst', from: luis, visibility: 'Agents' },
            { index: 2, type: 'Text', text: 'hi', from: luis, visibility: 'All' },
            { index: 3, type: 'CustomNotice', text: '{}', noticeText: '{}', from: luis },
            { index: 4, type: 'Text', text: 'next', from: { type: 'External' } },
            { index: 5, type: 'Text', text: 'odd', from: { type: 'Martian' } },
            { index: 6, type: 'Text' },
          ]),
        ),
      ],
      lines: [
        { isForClient: false },
        { isForClient: true },
        { kind: 'other' },
        { by: 'system' },
        { by: 'unknown' },
        { by: 'unknown', text: '' },
      ],
    },
    {
      label: 'leaves out what is no line',
      steps: [
        ask(
          0,
          say([
            null,
            'x',
            { type: 'Text' },
            { index: null },
            { index: -1 },
            { index: 3, type: 'Text', text: ODD_TEXT, from: luis },
          ]),
        ),
      ],
      lines: [said],
    },
    { label: 'takes no list for none', steps: [ask(0, { statusCode: 0 })] },
    { label: 'finds the chat unknown', steps: [ask(0, { statusCode: 6 })], over: true },
    { label: 'finds the chat unknown, by status too', steps: [ask(0, { statusCode: 6 }, 404)], over: true },
    {
      label: 'does not take a strange 404 for the end',
      steps: [ask(0, '<html>', 404)],
      error: 'UNEXPECTED',
    },
    { label: 'does not take a refusal for the end', steps: [ask(0, { statusCode: 5 })], error: 'REJECTED' },
    { label: 'does not take HTML for nothing said', steps: [ask(0, '<html>')], error: 'UNEXPECTED' },
    { label: 'is a stranger', steps: [ask(0, { statusCode: 20 }, 401)], error: 'MISCONFIGURED' },
    { label: 'finds it down', steps: [ask(0, '', 503)], error: 'UNREACHABLE' },
  ]

  test.each(rows)('$label', async row => {
    const outcome = await play(row, ({ leg, call }) => leg.read(CHAT, row.cursor, call))
    if (row.error) expectError(outcome, row.error)
    else checkReading(outcome, row)
  })

  const states: (Scene & { chat?: unknown; answer?: unknown; is?: ChatState; error?: string })[] = [
    {
      label: 'waiting',
      steps: [],
      chat: { state: 'WaitingForAgent', capabilities: ['Complete'], participants: [] },
      is: { over: false, agents: [], waiting: true, maySpeak: false },
    },
    {
      label: 'chatting',
      steps: [],
      chat: {
        state: 'Chatting',
        capabilities: ['SendMessage'],
        participants: [luis, { type: 'Customer', nickname: 'Ana' }, { type: 'Agent' }, null],
      },
      is: { over: false, agents: ['Luis', ''], waiting: false, maySpeak: true },
    },
    {
      label: 'idle',
      steps: [],
      chat: { state: 'Idle' },
      is: { over: true, agents: [], waiting: false, maySpeak: undefined },
    },
    { label: 'unknown', steps: [], answer: { statusCode: 6 }, error: 'CONVERSATION_GONE' },
    { label: 'not told', steps: [], answer: { statusCode: 0 }, error: 'UNEXPECTED' },
    { label: 'refused', steps: [], answer: { statusCode: 3 }, error: 'REJECTED' },
  ]

  test.each(states)('the state: $label', async row => {
    const answer = row.answer ?? { statusCode: 0, chat: row.chat }
    const scene = { ...row, steps: [{ ask: 'GET /chats/c%201', answer }] }
    const outcome = await play(scene, async ({ leg, call }) => leg.state?.(CHAT, call))
    if (row.error) expectError(outcome, row.error)
    else expect(outcome).toEqual(row.is)
  })
})
