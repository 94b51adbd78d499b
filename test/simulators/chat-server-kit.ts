import { createRequire } from 'node:module'
import { io } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import {
  type ChatServer,
  type ChatServerOptions,
  type Settings,
  startChatServer,
} from '../../simulators/chat-server/index.ts'
import { until } from '../support/until.ts'

export type Json = Record<string, unknown>
type Ids = { conversationId: string; id: string; name: string }

const require = createRequire(import.meta.url)
/** The old client has no types, and comes as CommonJS. */
const oldIo: typeof io = require('socket.io-client-2')

/** A chat server that ends with the test. */
export async function startServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const server = await startChatServer(options)
  onTestFinished(() => server.stop())
  return server
}

/** Calls a route and reads the answer, as JSON where it is. */
export async function call(
  { url }: ChatServer,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = { method, headers: { ...type, ...headers } }
  const answer = await fetch(`${url}${path}`, {
    ...sent,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, type: answer.headers.get('content-type'), text, body: asJson(text) }
}

function asJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

export const eva = { firstName: 'Eva', lastName: 'Luna', phone: '+502', refId: '+502', channel: 'web' }

export const init = (server: ChatServer, body: unknown = eva, headers = {}) =>
  call(server, 'POST', '/api/customer/init', body, headers)

export type Heard = { event: string; payload: Json }
/** A customer channel connector of either release, and all it has heard. */
export type Connector = {
  socket: ReturnType<typeof io>
  heard: Heard[]
  /** The activity types, the texts and `info` for each `conversationInfo`, in the order they came. */
  course(): string[]
  /** Waits until so many things were heard since the start, and gives the course. */
  hears(count: number): Promise<string[]>
}

const words = ({ event, payload }: Heard) =>
  event === 'conversationInfo' ? 'info' : String(payload?.activityType ?? payload?.text ?? event)

/** Connects, or waits in vain; ends with the test. */
export async function connect(
  server: ChatServer,
  options: Json = {},
  protocol: 4 | 2 = 4,
): Promise<Connector> {
  const connector = listen(server, options, protocol)
  await until('the socket is connected', () => connector.socket.connected)
  return connector
}

export function listen(server: ChatServer, options: Json = {}, protocol: 4 | 2 = 4): Connector {
  const open = protocol === 2 ? oldIo : io
  const socket = open(server.url, {
    forceNew: true,
    reconnectionDelay: 10,
    reconnectionDelayMax: 20,
    ...options,
  })
  onTestFinished(() => void socket.close())
  const heard: Heard[] = []
  for (const event of ['conversationInfo', 'messageArrived', 'levitate'])
    socket.on(event, (payload: Json) => heard.push({ event, payload }))
  const course = () => heard.map(words)
  const hears = async (count: number) => {
    await until(`${count} events are heard`, () => heard.length >= count)
    return course()
  }
  return { socket, heard, course, hears }
}

/** Opens a conversation and joins it, without waiting for what follows. */
export async function enter(server: ChatServer, { socket }: Connector, body: unknown = eva): Promise<Ids> {
  const { body: opened } = await init(server, body)
  const participant = opened.participant as { id: string; name: string }
  const ids = { conversationId: String(opened.conversationId), ...participant }
  socket.emit('joinConversation', ids)
  return ids
}

/** A message as a connector writes it. */
export const chat = ({ conversationId, id, name }: Ids, text: string, more: Json = {}) => ({
  conversationId,
  type: 'ChatMessage',
  from: { id, name },
  to: [],
  text,
  attachments: [],
  tag: '',
  ...more,
})

/** Lets a round trip pass: what was sent before on this socket has been dealt with. */
export async function settled(server: ChatServer, { socket }: Connector): Promise<void> {
  const before = server.state.events.length
  socket.emit('roundTrip', before)
  const isThere = () => server.state.events.slice(before).some(({ event }) => event === 'roundTrip')
  await until('the round trip is on record', isThere)
}

/** Eva in a conversation, the greetings behind her. */
export async function startJoined(settings: Partial<Settings> = {}) {
  const server = await startServer({ settings: { routing: 'on-request', ...settings } })
  const connector = await connect(server)
  const ids = await enter(server, connector)
  await connector.hears(2)
  const { conversationId: key } = ids
  return { server, connector, ids, key, last: () => connector.heard.at(-1)?.payload }
}
