import { describe, expect, test } from 'vitest'
import { expectError, UUID } from './support.ts'
import { changed, fixture, HERE, hook, parse, posted } from './tidings.ts'

const ASSIGNED = {
  ...HERE,
  type: 'assigned',
  agent: 'Lin',
  id: 'assigned:354545:33619:1665476293',
  at: 1_665_476_293_000,
}
const CLOSED = { ...HERE, type: 'closed', reason: 'agent', id: 'closed:354545', at: 1_665_479_893_000 }
const HUGE = '9007199254740993'

describe('what happens to a ticket', () => {
  test.each<[label: string, body: unknown, events: unknown[]]>([
    ['assigned', fixture('ticket-assigned'), [ASSIGNED]],
    [
      'assigned by an agent with a number',
      changed('ticket-assigned', { agentId: 33619, ticketAssignedTime: '1665476293' }),
      [ASSIGNED],
    ],
    [
      'assigned to somebody else',
      changed('ticket-assigned', { agentId: '7', agentName: 'Sam' }),
      [{ ...ASSIGNED, agent: 'Sam', id: 'assigned:354545:7:1665476293' }],
    ],
    [
      'assigned by nobody, of which no repeat can be told',
      changed('ticket-assigned', { agentId: undefined, agentName: undefined }),
      [{ ...ASSIGNED, agent: undefined, id: undefined }],
    ],
    [
      'assigned at no time',
      changed('ticket-assigned', { ticketAssignedTime: null }),
      [{ ...ASSIGNED, id: undefined, at: undefined }],
    ],
    ['closed', fixture('ticket-closed'), [CLOSED]],
    ['closed in capital letters', changed('ticket-closed', { event: ' TICKET-CLOSED ' }), [CLOSED]],
    ['closed with underscores', changed('ticket-closed', { event: 'ticket_closed' }), [CLOSED]],
    ['closed in ms', changed('ticket-closed', { ticketResolvedTime: 1_665_479_893_000 }), [CLOSED]],
    [
      'closed at a time of no unit',
      changed('ticket-closed', { ticketResolvedTime: '3545454' }),
      [{ ...CLOSED, at: 3_545_454_000 }],
    ],
    ...['soon', '', -1, 0, {}, 1e300].map((ticketResolvedTime): [string, unknown, unknown[]] => [
      `closed at ${JSON.stringify(ticketResolvedTime)}`,
      changed('ticket-closed', { ticketResolvedTime }),
      [{ ...CLOSED, at: undefined }],
    ]),
    ['its agent logged out', fixture('agent-logout'), []],
    ['its agent says nothing', fixture('agent-inactivity'), []],
    [
      'its agent says nothing, in texts',
      changed('agent-inactivity', { inactivityDuration: '2 minutes', inactivityReason: null }),
      [],
    ],
    ['another event', fixture('customer-infoawaited'), []],
    ['an event named like a method', changed('ticket-closed', { event: 'constructor' }), []],
  ])('%s', (_, body, events) => {
    expect(parse(body)).toEqual(events)
  })

  test('its agent logged out, which ends it where that is configured, once', () => {
    const settings = { close_on_agent_logout: true }
    expect(parse(fixture('agent-logout'), settings)).toEqual([{ ...CLOSED, at: undefined }])
  })
})

describe('which ticket it is', () => {
  const about = (change: Record<string, unknown>) => {
    const [{ conversation, client, id } = { conversation: '?' }] = parse(changed('ticket-closed', change))
    return [conversation, client, id]
  }

  test.each<[Record<string, unknown>, string, string | undefined, string | undefined]>([
    [{ ticketId: '354545' }, '354545', UUID, 'closed:354545'],
    [{ ticketId: ' TCK-9 ' }, 'TCK-9', UUID, 'closed:TCK-9'],
    [{ ticketId: 0 }, '0', UUID, 'closed:0'],
    [{ senderId: undefined }, '354545', undefined, 'closed:354545'],
    [{ senderId: null }, '354545', undefined, 'closed:354545'],
    [{ senderId: 77 }, '354545', '77', 'closed:354545'],
    [{ ticketId: undefined }, '', UUID, undefined],
    [{ ticketId: null }, '', UUID, undefined],
    [{ ticketId: '' }, '', UUID, undefined],
    [{ ticketId: { id: 1 } }, '', UUID, undefined],
    [{ ticketId: [1] }, '', UUID, undefined],
    [{ ticketId: true }, '', UUID, undefined],
  ])('%j', (change, ...expected) => {
    expect(about(change)).toEqual(expected)
  })

  test('keeps all its digits', () => {
    const body = JSON.stringify(fixture('ticket-closed')).replace('354545', HUGE)
    expect(parse(body)).toMatchObject([{ conversation: HUGE, id: `closed:${HUGE}` }])
  })

  test('is read of the body where the text is not there', () => {
    expect(hook().parse({ body: fixture('ticket-closed'), text: '' })).toEqual([CLOSED])
  })
})

describe('is refused', () => {
  test.each<[label: string, body: unknown, words: string]>([
    ['without ticket and client', changed('ticket-closed', { ticketId: null, senderId: '' }), 'ticketId'],
    ['an unknown event of nobody', { event: 'typing' }, 'ticketId'],
    ['without an event', changed('ticket-closed', { event: undefined }), 'event'],
    ['an empty event', changed('ticket-closed', { event: ' ' }), 'event'],
    ['an event that is no text', changed('ticket-closed', { event: 7 }), 'event'],
    ['a list', [fixture('ticket-closed')], 'JSON object'],
    ['a text', '"ticket-closed"', 'JSON object'],
    ['null', 'null', 'JSON object'],
    ['far too deep a body', `{"event":"a","x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, 'unreadable'],
  ])('%s', (_, body, words) => {
    expectError(attempt(body), 'INVALID', words)
  })

  test('nothing at all', () => {
    expect(() => hook().parse({ body: undefined, text: '' })).toThrow('no JSON object')
  })
})

function attempt(body: unknown): unknown {
  try {
    return parse(body)
  } catch (error) {
    return error
  }
}

describe('who may come in', () => {
  test.each<[Record<string, string>, Record<string, unknown>, boolean]>([
    [{ 'x-auth-token': 'hook-secret' }, {}, true],
    [{}, { token: 'hook-secret' }, true],
    [{ 'x-auth-token': 'wrong' }, { token: 'hook-secret' }, true],
    [{ 'x-auth-token': 'Hook-secret' }, {}, false],
    [{ 'x-auth-token': '' }, { token: '' }, false],
    [{ authorization: 'Bearer hook-secret' }, {}, false],
    [{}, { token: ['hook-secret'] }, false],
    [{}, {}, false],
  ])('%j %j: %s', (headers, query, comesIn) => {
    expect(hook().authenticate({ headers, query })).toBe(comesIn)
  })
})

describe('the answer', () => {
  const reply = (body: unknown, status = 'ignored', settings = {}) =>
    hook(settings).reply?.(posted(body), { status, msg: 'said' })

  test('has the event as it was posted', () => {
    const body = fixture('agent-text')
    expect(reply(body, 'success')).toEqual({ data: body, message: 'said' })
  })

  test('leaves the word to others where the event concerns a client', () => {
    expect(reply(fixture('ticket-closed'))).not.toHaveProperty('status')
    expect(reply(fixture('agent-logout'), 'ignored', { close_on_agent_logout: true })).not.toHaveProperty(
      'status',
    )
  })

  test.each(['agent-logout', 'agent-inactivity', 'customer-infoawaited'])('to %s is a success', name => {
    expect(reply(fixture(name))).toMatchObject({ status: 'success', data: fixture(name) })
  })

  test('keeps all digits', () => {
    const text = JSON.stringify(fixture('ticket-closed')).replace('354545', HUGE)
    expect(JSON.stringify(reply(text))).toBe(`{"data":${text},"message":"said"}`)
  })
})
