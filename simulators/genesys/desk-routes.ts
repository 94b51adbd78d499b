import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { explainControlError } from '../lib/faults.ts'
import type { AgentDesk } from './agent-desk.ts'
import { showControlled } from './desk-view.ts'
import { failureSchema, lateFailureSchema } from './planted.ts'
import { settingsSchema } from './settings.ts'
import type { Workspace } from './workspace.ts'

type OfChat = { Params: { chat: string } }
const maybe = z.string().optional()
const by = { agent: maybe }

const bodies = {
  say: z.strictObject({ text: z.string(), ...by }),
  type: z.strictObject({ stopped: z.boolean().optional(), ...by }),
  agent: z.strictObject(by),
  transfer: z.strictObject({ to: z.string(), ...by }),
  end: z.strictObject({ stranded: z.boolean().optional(), ...by }),
  notice: z.strictObject({ text: z.string(), as: z.enum(['Notice', 'External']).optional() }),
  seat: z.strictObject({ seat: z.string() }),
  maybeSeat: z.strictObject({ seat: maybe }),
  available: z.strictObject({ available: z.boolean() }),
  customer: z.strictObject({
    nickname: maybe,
    endpoint: maybe,
    userData: z.record(z.string(), z.string()).optional(),
  }),
  words: z.strictObject({ text: z.string() }),
}

/** What `npm run simulate` prints: how to play agents and customers with curl. */
export const deskRouteList = [
  'GET  /__desk/chats',
  "GET  /__desk/chats/:chat               (:chat is the customer's or the interaction's id, or a nickname)",
  'POST /__desk/chats/:chat/join          {"agent"?}',
  'POST /__desk/chats/:chat/say           {"text", "agent"?}',
  'POST /__desk/chats/:chat/whisper       {"text", "agent"?}',
  'POST /__desk/chats/:chat/type          {"stopped"?, "agent"?}',
  'POST /__desk/chats/:chat/leave         {"agent"?}',
  'POST /__desk/chats/:chat/transfer      {"to", "agent"?}',
  'POST /__desk/chats/:chat/end           {"stranded"?, "agent"?}',
  'POST /__desk/chats/:chat/notice        {"text", "as"?: "Notice" | "External"}',
  'POST /__desk/chats/:chat/invite · /revoke   {"seat"}',
  'POST /__desk/chats/:chat/forget',
  'POST /__desk/customers                 {"nickname"?, "endpoint"?, "userData"?}',
  'POST /__desk/chats/:chat/customer-says {"text"} · /customer-leaves',
  'POST /__desk/agents/:agent             {"available"}',
  'POST /__desk/notifications/drop · /__desk/seats/expire   {"seat"?}',
  'POST /__desk/failures                  {"leg"?, "operation"?, "answer", "http"?, "times"?}',
  'POST /__desk/late-failures             {"operation"?, "statusCode"?, "statusMessage"?, "times"?}',
  'POST /__desk/settings                  {"<setting>": value} · GET /__desk/requests',
]

/** Lets people with curl, and tests in other processes, play. Answers 400 `{"error"}` on what cannot be done. */
export function addDeskRoutes(parent: FastifyInstance, workspace: Workspace, desk: AgentDesk): void {
  const routes = async (app: FastifyInstance) => {
    app.setErrorHandler(explainControlError)
    addLooks(app, workspace, desk)
    addChatRoutes(app, desk)
    addCentreRoutes(app, workspace, desk)
  }
  parent.register(routes, { prefix: '/__desk' })
}

function addLooks(app: FastifyInstance, { state }: Workspace, desk: AgentDesk): void {
  app.get('/chats', () => ({ chats: [...state.chats.values()].map(showControlled) }))
  app.get<OfChat>('/chats/:chat', ({ params }, reply) => {
    const chat = desk.chatOf(params.chat)
    if (!chat) return reply.code(404).send({ error: 'no such chat' })
    return { chat: showControlled(chat), said: desk.transcriptOf(chat.id) }
  })
  app.get('/requests', () => ({ requests: state.requests }))
}

type Move = (desk: AgentDesk, chat: string, body: unknown) => unknown

const moves: Record<string, Move> = {
  join: (desk, chat, body) => desk.agentJoins(chat, bodies.agent.parse(body).agent),
  say: (desk, chat, body) => {
    const { text, ...by } = bodies.say.parse(body)
    return desk.agentSays(chat, text, by)
  },
  whisper: (desk, chat, body) => {
    const { text, ...by } = bodies.say.parse(body)
    return desk.agentWhispers(chat, text, by)
  },
  type: (desk, chat, body) => desk.agentTypes(chat, bodies.type.parse(body)),
  leave: (desk, chat, body) => desk.agentLeaves(chat, bodies.agent.parse(body).agent),
  transfer: (desk, chat, body) => {
    const { to, ...by } = bodies.transfer.parse(body)
    return desk.agentTransfers(chat, to, by)
  },
  end: (desk, chat, body) => desk.agentEnds(chat, bodies.end.parse(body)),
  notice: (desk, chat, body) => {
    const { text, ...options } = bodies.notice.parse(body)
    return desk.notice(chat, text, options)
  },
  invite: (desk, chat, body) => desk.inviteSeat(chat, bodies.seat.parse(body).seat),
  revoke: (desk, chat, body) => desk.revokeInvitation(chat, bodies.seat.parse(body).seat),
  forget: (desk, chat) => desk.forgetChat(chat),
  'customer-says': (desk, chat, body) => desk.customerSays(chat, bodies.words.parse(body).text),
  'customer-leaves': (desk, chat) => desk.customerLeaves(chat),
}

/** Each answers with the chat after it. */
function addChatRoutes(app: FastifyInstance, desk: AgentDesk): void {
  for (const [name, move] of Object.entries(moves))
    app.post<OfChat>(`/chats/:chat/${name}`, ({ params, body }) => {
      const chat = desk.chatOf(params.chat)
      move(desk, chat?.id ?? params.chat, body ?? {})
      return { chat: chat && showControlled(chat) }
    })
}

function addCentreRoutes(app: FastifyInstance, { settings }: Workspace, desk: AgentDesk): void {
  app.post('/customers', ({ body }) => ({
    chat: showControlled(desk.customerStarts(bodies.customer.parse(body ?? {}))),
  }))
  app.post<{ Params: { agent: string } }>('/agents/:agent', ({ params, body }) => {
    const { available } = bodies.available.parse(body)
    desk.setAgentAvailable(params.agent, available)
    return { available }
  })
  const act = (path: string, action: (body: unknown) => void) =>
    app.post(path, ({ body }) => {
      action(body ?? {})
      return { done: true }
    })
  act('/notifications/drop', body => desk.dropNotifications(bodies.maybeSeat.parse(body).seat))
  act('/seats/expire', body => desk.expireSeats(bodies.maybeSeat.parse(body).seat))
  act('/failures', body => desk.failNext(failureSchema.parse(body)))
  act('/late-failures', body => desk.failLater(lateFailureSchema.parse(body)))
  app.post('/settings', ({ body }) => Object.assign(settings, settingsSchema.parse(body)))
}
