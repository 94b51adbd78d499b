import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/desks/genesys/seat/index.ts'
import { invite, posted, seatAtWork, startCentre } from './seat-support.ts'
import { ODD_TEXT } from './support.ts'

const ID = '0000Na9B26EF/002X'
const PATH = '0000Na9B26EF%2F002X'

type Row = [
  given: Record<string, unknown>,
  sent: (own: { id: string; url: string }) => Record<string, unknown>,
]

const SEED: Row[] = [
  [{ operation: 'Accept' }, () => ({ operationName: 'Accept', nickname: 'Helper' })],
  [{ operation: 'Accept', nickname: 'Bea' }, () => ({ operationName: 'Accept', nickname: 'Bea' })],
  [{ operation: 'Reject' }, () => ({ operationName: 'Reject' })],
  [{ operation: 'InviteUser', agentId: 'a1' }, () => ({ operationName: 'InviteUser', agentId: 'a1' })],
  [{ operation: 'EndChatSession' }, () => ({ operationName: 'EndChatSession' })],
  [{ operation: 'Send', text: ODD_TEXT }, () => ({ operationName: 'SendMessage', text: ODD_TEXT })],
  [{ operation: 'SendMessage', text: 'hi' }, () => ({ operationName: 'SendMessage', text: 'hi' })],
  [{ operation: 'SendStartTypingNotification' }, () => ({ operationName: 'SendStartTypingNotification' })],
  [{ operation: 'SendStopTypingNotification' }, () => ({ operationName: 'SendStopTypingNotification' })],
  ...(['skill', 'targetUri', 'queueName', 'targetPath'] as const).map(
    (target): Row => [
      { operation: 'SingleStepTransfer', [target]: 'x' },
      () => ({ operationName: 'SingleStepTransfer', [target === 'skill' ? 'toSkill' : target]: 'x' }),
    ],
  ),
  [
    { operation: 'SingleStepTransfer', agentId: 'a1' },
    () => ({ operationName: 'SingleStepTransfer', toAgent: 'a1' }),
  ],
  [{ operation: 'Complete' }, () => ({ operationName: 'Complete' })],
  [{ operation: 'RequestChatHistory' }, () => ({ operationName: 'RequestChatHistory' })],
  [
    { operation: 'RequestChatHistory', eventId: 12 },
    () => ({ operationName: 'RequestChatHistory', eventId: 12 }),
  ],
  [{ operation: 'LeaveConference' }, ({ id }) => ({ operationName: 'LeaveConference', agentId: id })],
  [
    { operation: 'LeaveConference', agentId: 'a1' },
    () => ({ operationName: 'LeaveConference', agentId: 'a1' }),
  ],
]

const LATER: Row[] = [
  ...SEED.filter(([{ operation }]) =>
    [
      'Accept',
      'Reject',
      'Send',
      'SendMessage',
      'SendStartTypingNotification',
      'SendStopTypingNotification',
      'Complete',
    ].includes(String(operation)),
  ),
  [
    { operation: 'InviteUser', agentId: 'a1' },
    ({ url }) => ({ operationName: 'Invite', targetUri: `${url}/users/a1` }),
  ],
  [
    { operation: 'InviteUser', agentId: 'https://x/users/a1' },
    () => ({ operationName: 'Invite', targetUri: 'https://x/users/a1' }),
  ],
  [
    { operation: 'SingleStepTransfer', agentId: 'a1' },
    ({ url }) => ({ operationName: 'Transfer', targetUri: `${url}/users/a1` }),
  ],
  ...(['targetUri', 'queueName', 'targetPath'] as const).map(
    (target): Row => [
      { operation: 'SingleStepTransfer', [target]: 'x' },
      () => ({ operationName: 'Transfer', [target]: 'x' }),
    ],
  ),
  [{ operation: 'LeaveConference' }, () => ({ operationName: 'Leave' })],
  [
    { operation: 'LeaveConference', agentId: 'a1' },
    ({ url }) => ({ operationName: 'RemoveParticipantFromConference', targetUri: `${url}/users/a1` }),
  ],
]

describe.each([
  ['interactions', SEED],
  ['chats', LATER],
] as const)('api_style = "%s"', (apiStyle, rows) => {
  test('each operation is posted to its path with its body', async () => {
    const genesys = await startCentre()
    const transferFields = { agent: 'toAgent', skill: 'toSkill' }
    const { seat, call } = await seatAtWork(genesys, { connection: { apiStyle, transferFields } })
    const own = { id: String(genesys.state.users.get('bot')?.id), url: `${genesys.url}/api/v2` }
    for (const [given] of rows) {
      const { status } = await seat.operate(ID, given, call)
      // No interaction of that name; operations that only the simulator does not know are refused by name.
      expect(status, JSON.stringify(given)).toBeGreaterThanOrEqual(400)
    }
    expect(posted(genesys, `/me/${apiStyle}/${PATH}`)).toEqual(rows.map(([, sent]) => sent(own)))
  })
})

test.each([
  [{ operation: 'EndChatSession' }, 'Complete'],
  [{ operation: 'RequestChatHistory' }, 'no counterpart'],
  [{ operation: 'SingleStepTransfer', skill: 'x' }, 'queueName'],
])('what the later API does not know is refused here: %j', async (given, words) => {
  const genesys = await startCentre()
  const { seat, call } = await seatAtWork(genesys, { connection: { apiStyle: 'chats' } })
  const answer = await seat.operate(ID, given, call)
  expect(answer).toEqual({ status: 400, msg: expect.stringContaining(words), vendor: null })
  expect(posted(genesys, '/me/chats/')).toEqual([])
})

describe('what is no operation is refused before anybody is asked', () => {
  test.each([
    [{ operation: 'Hello' }, 'Accept'],
    [{}, 'Accept'],
    ['Accept', 'object'],
    [{ operation: 'Send' }, 'text'],
    [{ operation: 'Send', text: '' }, 'text'],
    [{ operation: 'Send', text: 'a', to: 'b' }, 'to'],
    [{ operation: 'Reject', nickname: 'a' }, 'nickname'],
    [{ operation: 'InviteUser' }, 'agentId'],
    [{ operation: 'SingleStepTransfer' }, 'exactly one target'],
    [{ operation: 'SingleStepTransfer', agentId: 'a', skill: 'b' }, 'exactly one target'],
  ])('%j', async (given, words) => {
    expect(operations.safeParse(given).success).toBe(false)
    const { runSeat } = await import('./seat-support.ts')
    const { seat, call } = runSeat({ url: 'http://127.0.0.1:9' })
    await expect(seat.operate(ID, given, call)).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining(words),
    })
  })
})

describe('every answer of the desk is an answer', () => {
  test.each([
    ['dialect A', 'SendMessage', { statusCode: 5, statusMessage: 'no' }, { status: 403, msg: 'Send: no' }],
    [
      'dialect B',
      'SendMessage',
      { status: 'error', errorDescription: 'no' },
      { status: 409, msg: 'Send: no' },
    ],
    ['a refused token, twice', 'SendMessage', 'http403csrf', { status: 403 }],
    ['a proxy', 'SendMessage', 'html502', { status: 502 }],
    ['internal failure', 'SendMessage', { statusCode: 4 }, { status: 502 }],
  ] as const)('failure: %s', async (_, operation, answer, expected) => {
    const genesys = await startCentre()
    const { seat, call } = await seatAtWork(genesys)
    genesys.failNext({ leg: 'seat', operation, answer, times: 2 })
    const said = await seat.operate(ID, { operation: 'Send', text: 'hi' }, call)
    expect(said).toMatchObject(expected)
    expect(said.vendor).toEqual(
      typeof answer === 'string' ? expect.any(String) : expect.objectContaining(answer),
    )
  })

  test.each(['status0', 'empty'] as const)('success: Reject answers %s', async reject => {
    const genesys = await startCentre({ settings: { reject } })
    const { seat, call } = await seatAtWork(genesys)
    const said = await seat.operate(invite(genesys), { operation: 'Reject' }, call)
    expect(said).toEqual({
      status: 200,
      msg: 'Reject: done',
      vendor: reject === 'empty' ? {} : { status: 0 },
    })
  })

  test('success in dialects A and B, through a whole chat', async () => {
    const genesys = await startCentre({ settings: { referenceIds: true } })
    const { seat, call } = await seatAtWork(genesys)
    const chat = invite(genesys)
    const own = String(genesys.state.users.get('bot')?.id)
    const steps = [
      { operation: 'Accept' },
      { operation: 'SendStartTypingNotification' },
      { operation: 'Send', text: ODD_TEXT },
      { operation: 'SendStopTypingNotification' },
      { operation: 'RequestChatHistory' },
      { operation: 'InviteUser', agentId: 'ana' },
      { operation: 'LeaveConference', agentId: own },
    ]
    for (const step of steps) expect((await seat.operate(chat, step, call)).status, step.operation).toBe(200)
    expect(genesys.transcriptOf(chat).map(({ text }) => text)).toEqual([ODD_TEXT])
    const late = await seat.operate(chat, { operation: 'Send', text: 'still there?' }, call)
    expect(late.status).toBe(403)
  })

  test('a desk that does not answer is an error', async () => {
    const genesys = await startCentre()
    const { seat, call } = await seatAtWork(genesys)
    genesys.faults.add({ kind: 'reset-before', route: '/api/v2/me/interactions/*' })
    await expect(seat.operate(ID, { operation: 'Complete' }, call)).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
  })
})
