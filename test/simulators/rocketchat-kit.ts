import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import {
  type Rocketchat,
  type RocketchatOptions,
  startRocketchat,
} from '../../simulators/rocketchat/index.ts'

export type Json = Record<string, unknown>
export type Answer = { status: number; headers: Headers; text: string; body: Json }

export const profiles = ['4.4', '6.4', '6.14', '7.11', '8.8'] as const
export const bot = { 'x-user-id': 'simulatedBotUser1', 'x-auth-token': 'simulated-bot-token' }

/** A workspace without rate limits that ends with the test. */
export async function startWorkspace(options: RocketchatOptions = {}): Promise<Rocketchat> {
  const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 1, ...options.settings }
  const rocketchat = await startRocketchat({ ...options, settings })
  onTestFinished(() => rocketchat.stop())
  return rocketchat
}

/** Calls a route under `/api/v1/livechat/`, or one that starts with a slash as it is. */
export async function call(
  { url }: Rocketchat,
  method: string,
  path: string,
  body?: Json | FormData,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof FormData
  const type = body && !isForm ? { 'content-type': 'application/json' } : {}
  const payload = body && !isForm ? JSON.stringify(body) : body
  const place = path.startsWith('/') ? path : `/api/v1/livechat/${path}`
  const sent = { method, headers: { ...type, ...headers }, ...(payload && { body: payload }) }
  const answer = await fetch(`${url}${place}`, sent)
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, body: asJson(text) }
}

function asJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Registers a visitor with this token and opens a room. */
export async function openRoom(rocketchat: Rocketchat, token = 'eva', visitor: Json = {}): Promise<string> {
  await call(rocketchat, 'POST', 'visitor', { visitor: { token, name: 'Eva', ...visitor } })
  await call(rocketchat, 'GET', `room?token=${token}`)
  const room = rocketchat.openRoomOf(token)
  if (!room) throw new Error('no room was opened')
  return room._id
}

type Received = { headers: IncomingHttpHeaders; body: Json & { type: string; messages: Json[] } }
export type Receiver = {
  url: string
  received: Received[]
  /** The statuses to answer with, one after another; then 200. */
  statuses: number[]
  /** What to answer with. */
  says: string
  /** Holds back every answer until it resolves. */
  hold: Promise<void> | undefined
  types(): string[]
}

/** A mediator's webhook that ends with the test. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    received: [],
    statuses: [],
    says: '{}',
    hold: undefined,
    types: () => [],
  }
  receiver.types = () => receiver.received.map(({ body }) => body.type)
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    receiver.received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) })
    await receiver.hold
    response.writeHead(receiver.statuses.shift() ?? 200).end(receiver.says)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => close(server))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return receiver
}

function close(server: Server): void {
  server.close()
  server.closeAllConnections()
}
