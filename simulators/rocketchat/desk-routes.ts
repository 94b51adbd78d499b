import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { explainControlError } from '../lib/faults.ts'
import type { AgentDesk } from './agent-desk.ts'
import { defaultSettings } from './settings.ts'
import { messagesOf } from './state.ts'
import type { Workspace } from './workspace.ts'

type OfRoom = { Params: { rid: string } }
const maybe = z.string().optional()

const bodies = {
  say: z.strictObject({ text: z.string(), agent: maybe, msgId: maybe, ts: maybe }),
  take: z.strictObject({ agent: maybe }),
  close: z.strictObject({ comment: maybe, agent: maybe }),
  forward: z.strictObject({ agent: maybe, department: maybe }),
  file: z.strictObject({
    name: z.string(),
    type: z.string().default('text/plain'),
    text: maybe,
    base64: maybe,
    caption: maybe,
    agent: maybe,
  }),
  quote: z.strictObject({ text: z.string(), quoted: z.string() }),
  edit: z.strictObject({ text: z.string() }),
  webhook: z.strictObject({ url: z.string(), secret: z.string().default('') }),
  agent: z.strictObject({ online: z.boolean() }),
  settings: z.partialRecord(
    z.enum(Object.keys(defaultSettings)),
    z.union([z.string(), z.number(), z.boolean()]),
  ),
}

/** What `npm run simulate` prints: how to play the agent with curl. */
export const deskRouteList = [
  'GET  /__desk/rooms',
  'GET  /__desk/rooms/:rid                (:rid is a room id or the token of the visitor)',
  'POST /__desk/rooms/:rid/say            {"text", "agent"?}',
  'POST /__desk/rooms/:rid/take           {"agent"?}',
  'POST /__desk/rooms/:rid/forward        {"agent" | "department"}',
  'POST /__desk/rooms/:rid/file           {"name", "type", "text" | "base64", "caption"?}',
  'POST /__desk/rooms/:rid/quote          {"text", "quoted"}',
  'POST /__desk/rooms/:rid/close          {"comment"?}',
  'PUT  /__desk/messages/:id              {"text"}',
  'POST /__desk/agents/:username          {"online"}',
  'POST /__desk/webhook                   {"url", "secret"?}',
  'POST /__desk/settings                  {"<setting>": value}',
  'POST /__desk/test-call · GET /__desk/webhooks · GET /__desk/requests · POST /__desk/settled',
]

export type DeskControls = AgentDesk & {
  setWebhook(url: string, secret?: string): void
  webhooksSettled(): Promise<void>
}

/** Lets people with curl, and tests in other processes, play the agent. Answers 400 `{"error"}` on a refusal. */
export function addDeskRoutes(parent: FastifyInstance, workspace: Workspace, desk: DeskControls): void {
  const routes = async (app: FastifyInstance) => {
    app.setErrorHandler(explainControlError)
    addRoomRoutes(app, workspace, desk)
    addTalkRoutes(app, desk)
    addOfficeRoutes(app, workspace, desk)
  }
  parent.register(routes, { prefix: '/__desk' })
}

function addRoomRoutes(app: FastifyInstance, { state }: Workspace, desk: DeskControls): void {
  app.get('/rooms', () => ({ rooms: [...state.rooms.values()] }))
  app.get<OfRoom>('/rooms/:rid', ({ params: { rid } }, reply) => {
    const room = state.rooms.get(rid) ?? desk.openRoomOf(rid)
    return room
      ? { room, messages: messagesOf(state, room._id) }
      : reply.code(404).send({ error: 'no such room' })
  })
  app.post<OfRoom>('/rooms/:rid/take', async ({ params, body }) => {
    return { room: await desk.takeRoom(params.rid, bodies.take.parse(body ?? {}).agent) }
  })
  app.post<OfRoom>('/rooms/:rid/forward', async ({ params, body }) => {
    return { room: await desk.forward(params.rid, bodies.forward.parse(body)) }
  })
  app.post<OfRoom>('/rooms/:rid/close', async ({ params, body }) => {
    return { room: await desk.close(params.rid, bodies.close.parse(body ?? {})) }
  })
}

function addTalkRoutes(app: FastifyInstance, desk: DeskControls): void {
  app.post<OfRoom>('/rooms/:rid/say', async ({ params, body }) => {
    const { text, ...options } = bodies.say.parse(body)
    return { message: await desk.say(params.rid, text, options) }
  })
  app.post<OfRoom>('/rooms/:rid/file', async ({ params, body }) => {
    const { text = '', base64, ...file } = bodies.file.parse(body)
    const data = base64 === undefined ? text : Buffer.from(base64, 'base64')
    return { message: await desk.sendFile(params.rid, { ...file, data }) }
  })
  app.post<OfRoom>('/rooms/:rid/quote', async ({ params, body }) => {
    const { text, quoted } = bodies.quote.parse(body)
    return { message: await desk.quote(params.rid, text, quoted) }
  })
  app.put<{ Params: { id: string } }>('/messages/:id', async ({ params, body }) => {
    return { message: await desk.editMessage(params.id, bodies.edit.parse(body).text) }
  })
}

function addOfficeRoutes(app: FastifyInstance, { state, settings }: Workspace, desk: DeskControls): void {
  app.post<{ Params: { username: string } }>('/agents/:username', ({ params, body }) => {
    desk.setAgentOnline(params.username, bodies.agent.parse(body).online)
    return { agents: [...state.agents.values()] }
  })
  app.post('/webhook', ({ body }) => {
    const { url, secret } = bodies.webhook.parse(body)
    desk.setWebhook(url, secret)
    return { url }
  })
  app.post('/settings', ({ body }) => Object.assign(settings, bodies.settings.parse(body)))
  app.post('/test-call', async () => ({ status: await desk.sendTestCall() }))
  app.get('/webhooks', () => ({ webhooks: state.webhooks }))
  app.get('/requests', () => ({ requests: state.requests }))
  app.post('/settled', async () => {
    await desk.webhooksSettled()
    return { settled: true }
  })
}
