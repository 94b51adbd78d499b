import { describe, expect, test } from 'vitest'
import type { InboundRequest } from '../../../src/desks/desk.ts'
import { webhookOf } from '../webhook-of.ts'
import { setStage, UUID } from './support.ts'
import { at, changed, closed, fixture, HERE, parse, type Row, said, saying, text } from './tidings.ts'

const sessions: Row[] = [
  {
    label: 'closed by the agent, up to 6.11',
    body: fixture('closing-message-6.10'),
    events: [
      { ...said, message: text('bye 👋') },
      { ...closed, at: at('15:05:00') },
    ],
  },
  {
    label: 'closed by the agent without a word, up to 6.11',
    body: saying('closing-message-6.10', { msg: '', t: 'livechat-close' }),
    events: [{ ...closed, at: at('15:05:00') }],
  },
  {
    label: 'closed by the visitor, up to 6.11',
    body: fixture('closing-message-by-visitor-6.10'),
    events: [{ ...closed, reason: 'client', at: at('15:03:00') }],
  },
  {
    label: 'closed by the agent',
    body: fixture('session-closed'),
    events: [
      { ...HERE, type: 'history', said: [{ ...said, message: text('Buenas') }], at: at('15:10:00') },
      { ...said, id: 'm2', message: text('bye 👋') },
      { ...closed, at: at('15:10:00') },
    ],
  },
  {
    label: 'closed by the visitor',
    body: fixture('session-closed-by-visitor'),
    events: [{ ...closed, reason: 'client', at: at('15:10:00') }],
  },
  {
    label: 'closed, without its transcript',
    body: changed('session-closed', { messages: undefined }),
    events: [{ ...closed, at: at('15:10:00') }],
  },
  {
    label: 'closed, told in the way of the original API',
    body: { visitor: { token: UUID }, type: 'LivechatSession', messages: [] },
    events: [{ type: 'closed', reason: 'agent', conversation: '', client: UUID }],
  },
  {
    label: 'taken',
    body: fixture('session-taken'),
    events: [
      {
        ...HERE,
        type: 'assigned',
        agent: 'María Pérez',
        id: 'taken:room1:agent1:2025-06-15T15:01:00.000Z',
        at: at('15:01:00'),
      },
    ],
  },
  {
    label: 'taken, by an agent of whom only the login is told',
    body: changed('session-taken', { agent: undefined }),
    events: [
      {
        ...HERE,
        type: 'assigned',
        agent: 'maria',
        id: 'taken:room1:agent1:2025-06-15T15:01:00.000Z',
        at: at('15:01:00'),
      },
    ],
  },
  {
    label: 'queued',
    body: fixture('session-queued'),
    events: [{ ...HERE, type: 'queued', id: 'queued:room1:2025-06-15T15:04:00.000Z' }],
  },
  {
    label: 'queued and assigned at once, up to 6.10',
    body: changed('session-taken', { type: 'LivechatSessionQueued', servedBy: undefined }),
    events: [],
  },
  {
    label: 'forwarded to an agent',
    body: fixture('session-forwarded'),
    events: [
      {
        ...HERE,
        type: 'transferred',
        agent: 'Luis',
        id: 'forwarded:room1:agent2:2025-06-15T15:07:00.000Z',
        at: at('15:07:00'),
      },
    ],
  },
  {
    label: 'forwarded to a department',
    body: fixture('session-forwarded-to-department'),
    events: [{ ...HERE, type: 'transferred', id: 'forwarded:room1:dep2:2025-06-15T15:04:00.000Z' }],
  },
  { label: 'started', body: fixture('session-start'), events: [] },
  { label: 'edited after its end', body: fixture('edit-after-close'), events: [] },
  { label: 'a lead', body: fixture('lead-capture'), events: [] },
  { label: 'an offline message', body: fixture('offline-message'), events: [] },
  { label: 'a test', body: fixture('test-call'), events: [] },
  {
    label: 'a test with a visitor',
    body: changed('test-call', { visitor: { token: UUID } }),
    events: [],
  },
  { label: 'a type of the future', body: changed('session-closed', { type: 'LivechatParty' }), events: [] },
  {
    label: 'a type by an unlucky name',
    body: changed('session-closed', { type: 'constructor' }),
    events: [],
  },
]

test.each(sessions)('a session: $label', ({ body, events }) => expect(parse(body)).toEqual(events))

test('both tidings of one end bear one id, and so does the comment', () => {
  const old = parse(saying('closing-message-6.10', { _id: 'm2' }))
  const session = parse(fixture('session-closed')).filter(({ type }) => type !== 'history')
  expect(old.map(event => event.id)).toEqual(session.map(event => event.id))
})

test('the comment our own bot user closes with is nobody’s word', () => {
  const body = fixture('session-closed')
  const { agentId: user_id } = body.messages.at(-1) ?? {}
  const old = saying('closing-message-6.10', { agentId: user_id })
  for (const tidings of [body, old]) {
    expect(parse(tidings).slice(-2)).toMatchObject([{ type: 'message' }, { type: 'closed' }])
    const types = parse(tidings, { user_id, auth_token: 'x' }).map(({ type }) => type)
    expect(types).not.toContain('message')
    expect(types).toContain('closed')
  }
})

test.each([
  ['a text', 'hello', 'JSON object'],
  ['a list', [], 'JSON object'],
  ['nothing', null, 'JSON object'],
  ['no type', { visitor: { token: UUID }, messages: [] }, 'type'],
  ['a type that is none', { type: 7 }, 'type'],
  ['a message without messages', { type: 'Message', visitor: { token: UUID } }, 'messages'],
])('refuses %s', (_, body, word) => {
  expect(() => parse(body)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(word) }),
  )
})

describe('authenticate', () => {
  const knock = (request: Partial<InboundRequest>): boolean =>
    webhookOf(setStage().desk).authenticate({ headers: {}, query: {}, ...request })
  const header = 'x-rocketchat-livechat-token'

  test.each([
    [{ headers: { [header]: 'hook-secret' } }, true],
    [{ query: { token: 'hook-secret' } }, true],
    [{ headers: { [header]: '' }, query: { token: 'hook-secret' } }, true],
    [{ headers: { [header]: 'hook-secreT' } }, false],
    [{ headers: { [header]: 'hook' } }, false],
    [{ headers: { [header]: '' } }, false],
    [{ query: { token: ['hook-secret'] } }, false],
    [{}, false],
  ])('%j: %s', (request, isIn) => {
    expect(knock(request as Partial<InboundRequest>)).toBe(isIn)
  })
})
