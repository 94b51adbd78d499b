import { afterEach, beforeEach, describe, test } from 'vitest'
import { checkReading, luis, type Row } from './reading.ts'
import { expectError, GIVEN_GMS, GMS, ODD_TEXT, play, type Step, useNoNetwork } from './support.ts'

useNoNetwork({ beforeEach, afterEach })

describe('Mobile Services', () => {
  const KEYS = { userId: 'user-1', secureKey: 'the-secret-key', alias: '117' }
  const CHAT = { id: 'chat-1', state: { leg: 'gms', service: 'hiv', ...KEYS } }
  const ask = (transcriptPosition: string, answer: unknown, status = 200): Step => ({
    ask: `POST ${GMS}/genesys/2/chat/hiv/chat-1/refresh`,
    sendsForm: { ...KEYS, transcriptPosition },
    answer,
    status,
  })
  const on = (more: Record<string, unknown>) => ({ statusCode: 0, chatEnded: false, ...more })
  const from = { ...luis, participantId: 3 }

  const rows: Row[] = [
    {
      label: 'reads from the first position',
      steps: [ask('1', on({ nextPosition: 4, messages: [] }))],
      next: '4',
    },
    {
      label: 'reads on from the cursor',
      cursor: '3',
      steps: [
        ask(
          '3',
          on({
            nextPosition: '6',
            messages: [{ index: 3, type: 'Message', text: ODD_TEXT, utcTime: 1_398_000_000_000, from }],
          }),
        ),
      ],
      lines: [
        { index: 3, kind: 'text', by: 'agent', nickname: 'Luis', text: ODD_TEXT, at: 1_398_000_000_000 },
      ],
      next: '6',
    },
    {
      label: 'goes on after the last line where it is not told where',
      steps: [ask('1', on({ messages: [{ index: 7, type: 'Message', text: 'x', from }, { index: 2 }] }))],
      lines: [{ index: 7 }, { index: 2 }],
      next: '8',
    },
    { label: 'stays where nothing is told', cursor: '5', steps: [ask('5', on({}))], next: '5' },
    {
      label: 'knows its types',
      steps: [
        ask(
          '1',
          on({
            nextPosition: 9,
            messages: [
              { index: 1, type: 'ParticipantJoined', from: { type: 'Client' } },
              { index: 2, type: 'ParticipantLeft', from },
              { index: 3, type: 'PushUrl', text: 'https://example.org', from },
              { index: 4, type: 'Notice', text: '{}', from },
              { index: 5, type: 'Message', text: 'next', from: { type: 'External' } },
              { index: 6, type: 'Message', text: 'hi', from: { type: 'Supervisor' } },
            ],
          }),
        ),
      ],
      lines: [
        { kind: 'joined', by: 'client' },
        { kind: 'left', by: 'agent' },
        { kind: 'text', text: 'https://example.org' },
        { kind: 'other' },
        { by: 'system' },
        { by: 'supervisor' },
      ],
      next: '9',
    },
    {
      label: 'hears the last words of a chat that has ended',
      steps: [
        ask(
          '1',
          on({
            chatEnded: true,
            nextPosition: 2,
            messages: [{ index: 1, type: 'Message', text: 'bye', from }],
          }),
        ),
      ],
      lines: [{ text: 'bye' }],
      next: '2',
      over: true,
    },
    {
      label: 'finds the chat over for good',
      steps: [ask('1', { statusCode: 2 }, 400)],
      next: '1',
      over: true,
    },
    {
      label: 'tries again what failed',
      steps: [ask('1', { statusCode: 1, chatEnded: false })],
      error: 'UNREACHABLE',
    },
    { label: 'does not take HTML for the end', steps: [ask('1', '<html>', 404)], error: 'UNEXPECTED' },
    { label: 'is a stranger', steps: [ask('1', { statusCode: 2 }, 401)], error: 'MISCONFIGURED' },
    { label: 'finds it down', steps: [ask('1', '<html>', 503)], error: 'UNREACHABLE' },
  ]

  test.each(rows)('$label', async row => {
    const outcome = await play({ settings: GIVEN_GMS, ...row }, ({ leg, call }) =>
      leg.read(CHAT, row.cursor, call),
    )
    if (row.error) expectError(outcome, row.error)
    else checkReading(outcome, row)
  })
})
