import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startYellow, type YellowOptions } from '../../../simulators/yellow/index.ts'
import type { WebhookInbound } from '../../../src/desks/desk.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Conversation } from '../../../src/domain/session.ts'
import { webhookOf } from '../webhook-of.ts'
import { aSession, expectError, MESSAGE_ID, REQUEST, setStage, UUID } from './support.ts'

/** The simulated desk, our adapter, and between them a web server that does with events what the mediator's does. */
async function startPair(options: YellowOptions = {}, more: Record<string, unknown> = {}) {
  const yellow = await startYellow(options)
  onTestFinished(() => yellow.stop())
  const { url, company, token } = yellow
  const { desk, call } = setStage({ url, company, token, webhook_token: 'hook-secret', ...more })
  const events: AgentEvent[] = []
  yellow.setWebhook(await startHook(webhookOf(desk), events), 'hook-secret')
  const say = (conversation: Conversation, text: string, messageId = MESSAGE_ID) =>
    desk.sendToAgent(
      { session: aSession({ conversation }), messageId, message: { text, attachments: [] } },
      call,
    )
  return { yellow, desk, call, events, say }
}

async function startHook(webhook: WebhookInbound, events: AgentEvent[]): Promise<string> {
  const server = createServer((request, response) => void answer(webhook, events, request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`
}

async function answer(
  webhook: WebhookInbound,
  events: AgentEvent[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!webhook.authenticate({ headers: request.headers, query: {} }))
    return void response.writeHead(401).end()
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const posted = { body: JSON.parse(text), text }
  try {
    const read = webhook.parse(posted)
    events.push(...read)
    const said = { status: read.length > 0 ? 'success' : 'ignored', msg: 'taken' }
    response.writeHead(200).end(JSON.stringify({ ...said, ...webhook.reply?.(posted, said) }))
  } catch (error) {
    response.writeHead(error instanceof MediatorError ? 400 : 500).end('{}')
  }
}

const ABOUT = { conversation: '25633', client: UUID }

test('a conversation from its beginning to its end', async () => {
  const left = 'The client has left.'
  const { yellow, desk, call, events, say } = await startPair({}, { client_left_text: left })
  const { conversation, state } = await desk.openConversation(REQUEST, call)
  expect({ id: conversation.id, state }).toEqual({ id: '25633', state: 'queued' })
  const deliveries = [await yellow.assign(UUID)]
  await say(conversation, 'Hello “you”')
  deliveries.push(await yellow.agentText(UUID, 'Hi'))
  const url = 'https://cdn.example.org/a.jpg'
  const photo = { text: '', attachments: [{ contentType: 'image/jpeg', url }] }
  await desk.sendToAgent({ session: aSession({ conversation }), messageId: 'm2', message: photo }, call)
  deliveries.push(await yellow.agentMedia(UUID, { type: 'video', url: 'https://cdn.example.org/b' }))
  deliveries.push(await yellow.inactivity(UUID), await yellow.logout(UUID), await yellow.unknownEvent(UUID))
  await desk.closeConversation(aSession({ conversation }), 'bot', call)
  deliveries.push(await yellow.close(UUID))

  expect(yellow.talkOf(UUID)).toMatchObject([
    { by: 'client', name: 'Ada Example', kind: 'text', content: 'Hello “you”', messageId: MESSAGE_ID },
    { by: 'agent', name: 'Lin', kind: 'text', content: 'Hi' },
    { by: 'client', kind: 'image', content: url, messageId: 'm2' },
    { by: 'agent', kind: 'video', content: 'https://cdn.example.org/b' },
    { by: 'client', kind: 'text', content: left },
  ])
  const ids = yellow.talkOf(UUID).flatMap(({ messageId }) => messageId ?? [])
  expect(new Set([...ids, yellow.state.tickets.get('25633')?.form.messageId]).size).toBe(4)
  expect(events).toMatchObject([
    { ...ABOUT, type: 'assigned', agent: 'Lin', id: expect.stringMatching(/^assigned:25633:33619:\d{10}$/) },
    { ...ABOUT, type: 'message', agent: 'Lin', message: { text: 'Hi' } },
    { ...ABOUT, type: 'message', message: { attachments: [{ contentType: 'video' }] } },
    { ...ABOUT, type: 'closed', reason: 'agent', id: 'closed:25633' },
  ])
  for (const { status, answer, payload } of deliveries)
    expect({ status, answer }).toEqual({
      status: 200,
      answer: { status: 'success', msg: 'taken', message: 'taken', data: JSON.parse(payload) },
    })
  expectError(await say(conversation, 'Still there?').catch(error => error), 'CONVERSATION_GONE')
})

test('an id of more digits than a double has', async () => {
  const { yellow, desk, call, events, say } = await startPair({ settings: { mode: 'huge-id' } })
  const { conversation } = await desk.openConversation(REQUEST, call)
  expect(conversation.id).toBe('9007199254740993')
  await say(conversation, 'Hello')
  const { payload, text } = await yellow.agentText(conversation.id, 'Hi')
  expect(events[0]?.conversation).toBe(conversation.id)
  expect(payload).toContain('"ticketId":9007199254740993')
  expect(text).toContain(`"data":${payload}`)
})

test.each(['wrapped', 'unwrapped', 'flat'] as const)('the body is %s', async body_shape => {
  const { yellow, desk, call, say } = await startPair({}, { body_shape, authorization: 'raw' })
  const { conversation } = await desk.openConversation(REQUEST, call)
  await say(conversation, 'Hello')
  expect(yellow.state.requests).toMatchObject([
    { endpoint: 'createTicket', status: 200, shape: body_shape, auth: 'raw' },
    { endpoint: 'sendMessage', status: 200, shape: body_shape, auth: 'raw' },
  ])
  expect(yellow.talkOf(UUID)).toHaveLength(1)
})

test.each([
  ['none', 'NO_AGENT'],
  ['failure200', 'REJECTED'],
  ['http500', 'UNREACHABLE'],
] as const)('%s: %s', async (mode, code) => {
  const { desk, call } = await startPair({ settings: { mode } })
  expectError(await desk.openConversation(REQUEST, call).catch(error => error), code)
})

test.each([
  ['queued', '25633'],
  ['no-flags', '25633'],
  ['string-id', 'TCK-9'],
] as const)('%s: the ticket %s', async (mode, id) => {
  const { desk, call, say } = await startPair({ settings: { mode } })
  const { conversation, state } = await desk.openConversation(REQUEST, call)
  expect({ id: conversation.id, state }).toEqual({ id, state: 'queued' })
  await say(conversation, 'Hello')
})

test('no answer: what is asked is broken off by the signal', async () => {
  const { yellow, desk, call } = await startPair({ settings: { mode: 'timeout' } })
  const hangUp = new AbortController()
  const opening = desk.openConversation(REQUEST, { ...call, signal: hangUp.signal }).catch(error => error)
  await expect.poll(() => yellow.state.tickets.size).toBe(1)
  hangUp.abort()
  expectError(await opening, 'TIMEOUT')
})

test('a lost answer: a desk that knows messageIds opens one ticket, another one two', async () => {
  for (const knowsRepeats of [true, false]) {
    const { yellow, desk, call, say } = await startPair({ settings: { knowsRepeats } })
    yellow.faults.add({ kind: 'reset-after', times: 1 })
    expectError(await desk.openConversation(REQUEST, call).catch(error => error), 'UNREACHABLE')
    const { conversation } = await desk.openConversation(REQUEST, call)
    expect(yellow.state.tickets.size).toBe(knowsRepeats ? 1 : 2)
    yellow.faults.add({ kind: 'reset-after', times: 1 })
    expectError(await say(conversation, 'Hello').catch(error => error), 'UNREACHABLE')
    await say(conversation, 'Hello')
    expect(yellow.talkOf(conversation.id)).toHaveLength(knowsRepeats ? 1 : 2)
  }
})

test.each([
  ['token', 'wrong'],
  ['company', 'other'],
])('a wrong %s is ours to mend', async (key, value) => {
  const { desk, call } = await startPair({}, { [key]: value })
  expectError(await desk.openConversation(REQUEST, call).catch(error => error), 'MISCONFIGURED')
})
