import { describe, expect, test } from 'vitest'
import type { YellowOptions } from '../../simulators/yellow/index.ts'
import { call, openTicket, type Receiver, startDesk, startReceiver } from './yellow-kit.ts'

const NOW = 1_665_476_293_500
const envelope = (event: string) => ({
  ticketId: 25633,
  senderId: 'u-1001',
  source: 'web',
  event,
  agentName: 'Lin',
  agentId: '33619',
  ticketAssignedTime: 1_665_476_293,
})

async function startPair(options: YellowOptions = {}) {
  const receiver = await startReceiver()
  const webhook = { url: receiver.url, token: 'sesame' }
  const yellow = await startDesk({ now: () => NOW, webhook, ...options })
  const ticket = await openTicket(yellow)
  return { receiver, yellow, ticket }
}

const bodies = ({ received }: Receiver) => received.map(({ body }) => body)

test('an event is posted with the token, and what is answered is kept', async () => {
  const { receiver, yellow, ticket } = await startPair()
  const delivery = await yellow.assign(ticket)
  expect(receiver.received[0]?.headers).toMatchObject({
    'x-auth-token': 'sesame',
    'content-type': 'application/json',
  })
  expect(delivery).toMatchObject({
    event: 'ticket-assigned',
    attempts: 1,
    status: 200,
    answer: { status: 'success', data: envelope('ticket-assigned'), message: 'taken' },
  })
  expect(yellow.state.webhooks).toEqual([delivery])
})

test('all events are as in the samples', async () => {
  const { receiver, yellow, ticket } = await startPair()
  await yellow.assign(ticket)
  await yellow.agentText('u-1001', 'Hello')
  await yellow.agentMedia(ticket, { type: 'image', url: 'https://cdn.example.org/x.png' })
  await yellow.inactivity(ticket)
  await yellow.logout(ticket)
  await yellow.unknownEvent(ticket)
  await yellow.close(ticket)
  const said = envelope('payload-received-from-agent')
  expect(bodies(receiver)).toEqual([
    envelope('ticket-assigned'),
    { ...said, message: { type: 'text', payLoad: { content: 'Hello' } } },
    {
      ...said,
      message: {
        type: 'media',
        payLoad: { content: { type: 'image', mediaUrl: 'https://cdn.example.org/x.png' } },
      },
    },
    { ...envelope('agent-inactivity'), inactivityDuration: 120, inactivityReason: 'Network issue' },
    envelope('agent-logout'),
    envelope('customer-infoawaited'),
    { ...envelope('ticket-closed'), ticketResolvedTime: 1_665_476_293 },
  ])
  expect(yellow.state.tickets.get(ticket)?.state).toBe('CLOSED')
})

test('a ticket goes from one agent to another', async () => {
  const { receiver, yellow, ticket } = await startPair({ settings: { mode: 'queued' } })
  expect(yellow.state.tickets.get(ticket)?.state).toBe('QUEUED')
  await yellow.assign(ticket)
  await yellow.assign(ticket, 'Sam')
  expect(bodies(receiver)).toMatchObject([{ agentId: '33619' }, { agentId: '33620', agentName: 'Sam' }])
  expect(yellow.state.tickets.get(ticket)).toMatchObject({ state: 'ASSIGNED', agent: { name: 'Sam' } })
})

test('the first word assigns a ticket without telling', async () => {
  const { receiver, yellow, ticket } = await startPair()
  await yellow.agentText(ticket, 'Hi', 'Sam')
  expect(bodies(receiver)).toMatchObject([{ event: 'payload-received-from-agent', agentName: 'Sam' }])
  expect(yellow.state.tickets.get(ticket)?.state).toBe('ASSIGNED')
  expect(yellow.talkOf(ticket)).toEqual([{ by: 'agent', name: 'Sam', kind: 'text', content: 'Hi', at: NOW }])
})

test('what an agent could not do', async () => {
  const { yellow, ticket } = await startPair()
  await expect(yellow.assign('nobody')).rejects.toThrow('no ticket "nobody"')
  await expect(yellow.assign(ticket, 'Eva')).rejects.toThrow('no agent "Eva"')
  await yellow.close(ticket)
  await expect(yellow.agentText(ticket, 'Hi')).rejects.toThrow('closed')
  await expect(yellow.close(ticket)).rejects.toThrow('closed')
})

test('any body, with any digits', async () => {
  const { receiver, yellow } = await startPair()
  await yellow.postEvent({ event: 'typing', ticketId: JSON.rawJSON('9007199254740993') })
  expect(receiver.received[0]?.text).toBe('{"event":"typing","ticketId":9007199254740993}')
})

describe('what goes wrong', () => {
  test('nobody is there, and nothing is tried again', async () => {
    const { yellow, ticket } = await startPair()
    yellow.setWebhook('http://127.0.0.1:1/events', '')
    expect(await yellow.assign(ticket)).toMatchObject({ attempts: 1, status: 0 })
  })

  test.each([
    ['duplicate', ['ticket-assigned', 'ticket-assigned', 'ticket-closed']],
    ['drop', ['ticket-closed']],
    ['reorder', ['ticket-closed', 'ticket-assigned']],
  ] as const)('%s', async (kind, events) => {
    const { receiver, yellow, ticket } = await startPair()
    yellow.faults.add({ kind, route: 'ticket-assigned' })
    await yellow.assign(ticket)
    await yellow.close(ticket)
    await yellow.webhooksSettled()
    expect(bodies(receiver).map(({ event }) => event)).toEqual(events)
  })

  test('requests fail as planted', async () => {
    const { yellow } = await startPair()
    yellow.faults.add({ kind: 'bad-gateway', route: '/sendMessage/*', times: 1 })
    expect((await call(yellow, '/sendMessage/acme')).status).toBe(502)
    expect((await call(yellow, '/sendMessage/acme')).status).toBe(200)
  })
})

describe('with curl', () => {
  const ask = (yellow: Parameters<typeof call>[0], path: string, body?: unknown, method?: string) =>
    call(yellow, `/__desk/${path}`, body, {}, method)

  test('the agent is played', async () => {
    const { receiver, yellow, ticket } = await startPair()
    const steps: [string, unknown?][] = [
      ['assign', { agent: 'Sam' }],
      ['say', { text: 'Hi' }],
      ['media', { url: 'https://cdn.example.org/x' }],
      ['inactivity', { seconds: 5 }],
      ['logout'],
      ['unknown', { event: 'typing' }],
      ['close'],
    ]
    for (const [step, body] of steps) {
      const { status, body: delivery } = await ask(yellow, `tickets/${ticket}/${step}`, body)
      expect([step, status, delivery.status]).toEqual([step, 200, 200])
    }
    expect(bodies(receiver).map(({ event }) => event)).toEqual([
      'ticket-assigned',
      'payload-received-from-agent',
      'payload-received-from-agent',
      'agent-inactivity',
      'agent-logout',
      'typing',
      'ticket-closed',
    ])
    expect((await ask(yellow, 'event', { event: 'x', a: 1 })).body).toMatchObject({ event: 'x', status: 200 })
  })

  test('the desk is looked at', async () => {
    const { yellow, ticket } = await startPair()
    await yellow.agentText(ticket, 'Hi')
    const read = async (path: string) => (await ask(yellow, path, undefined, 'GET')).body
    expect(await read('tickets')).toMatchObject({ tickets: [{ id: ticket }] })
    expect(await read('tickets/u-1001')).toMatchObject({ ticket: { id: ticket, lines: [{ content: 'Hi' }] } })
    expect(await read('webhooks')).toMatchObject({ webhooks: [{ status: 200 }] })
    expect(await read('requests')).toMatchObject({ requests: [{ endpoint: 'createTicket' }] })
    expect((await ask(yellow, 'settled')).body).toEqual({ settled: true })
  })

  test('the desk is changed', async () => {
    const { yellow, ticket } = await startPair()
    const other = await startReceiver()
    await ask(yellow, 'webhook', { url: other.url, token: 'x' })
    await yellow.assign(ticket)
    expect(other.received).toMatchObject([{ headers: { 'x-auth-token': 'x' } }])
    expect((await ask(yellow, 'settings', { mode: 'none' })).body).toEqual({
      mode: 'none',
      knowsRepeats: false,
    })
    expect(yellow.settings.mode).toBe('none')
  })

  test.each([
    ['tickets/nobody/assign', {}],
    ['tickets/25633/say', {}],
    ['tickets/25633/say', { text: 'Hi', to: 'all' }],
    ['settings', { mode: 'broken' }],
  ])('%s with %j is refused', async (path, body) => {
    const { yellow } = await startPair()
    const answer = await ask(yellow, path, body)
    expect([answer.status, answer.body]).toEqual([400, { error: expect.any(String) }])
  })
})
