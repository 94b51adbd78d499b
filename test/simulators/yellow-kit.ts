import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { startYellow, type Yellow, type YellowOptions } from '../../simulators/yellow/index.ts'

type Json = Record<string, unknown>
export type Answer = { status: number; text: string; body: Json }

/** A desk that ends with the test. */
export async function startDesk(options: YellowOptions = {}): Promise<Yellow> {
  const yellow = await startYellow(options)
  onTestFinished(() => yellow.stop())
  return yellow
}

export async function call(
  { url, token }: Yellow,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Answer> {
  const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }
  const payload = typeof body === 'string' ? body : JSON.stringify(body ?? {})
  const answer = await fetch(url + path, {
    method,
    headers: all,
    ...(method === 'POST' && { body: payload }),
  })
  const text = await answer.text()
  return { status: answer.status, text, body: asJson(text) }
}

function asJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

type Form = { user: Json; ticket: Json }
const user = { senderId: 'u-1001', userName: 'Ada Example', userEmail: '' }
const thread = { messageId: 'm-0001', source: 'web', conversationId: 'conv-77' }

/** As in the samples of the specification, with the messageId its tables demand. */
export const ticketForm: Form = {
  user: { ...user, userMobile: '5550001234' },
  ticket: { ...thread, conversationHistory: '', ticketPriority: 'medium', ticketGroupId: '14343' },
}

export function textForm(ticketId: unknown, message = 'hello'): Form {
  return { user, ticket: { ...thread, messageId: 'm-0002', ticketId, messageType: 'text', message } }
}

export function mediaForm(ticketId: unknown, type = 'image'): Form {
  const mediaJson = { type, url: 'https://cdn.example.org/a.jpg' }
  return { user, ticket: { ...thread, messageId: 'm-0003', ticketId, messageType: 'media', mediaJson } }
}

/** The form with one key changed, wherever it stands; undefined takes it away. */
export function changed({ user, ticket }: Form, key: string, value: unknown): { body: Form } {
  const body =
    key in user ? { user: { ...user, [key]: value }, ticket } : { user, ticket: { ...ticket, [key]: value } }
  return { body }
}

/** Opens a ticket; resolves to its id. */
export async function openTicket(yellow: Yellow): Promise<string> {
  await call(yellow, '/createTicket/acme', { body: ticketForm })
  const [ticket] = [...yellow.state.tickets.values()].slice(-1)
  if (!ticket) throw new Error('no ticket was opened')
  return ticket.id
}

export type Receiver = { url: string; received: { headers: IncomingHttpHeaders; text: string; body: Json }[] }

/** A mediator's webhook that answers as documented, and ends with the test. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: [] }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    receiver.received.push({ headers: request.headers, text, body: JSON.parse(text) })
    response.end(`{"status":"success","data":${text},"message":"taken"}`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`
  return receiver
}
