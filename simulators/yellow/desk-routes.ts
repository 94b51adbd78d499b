import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { explainControlError } from '../lib/faults.ts'
import type { AgentDesk } from './agent-desk.ts'
import { type Desk, findTicket } from './state.ts'
import { modes } from './types.ts'
import type { Webhooks } from './webhooks.ts'

type OfTicket = { Params: { ticket: string } }
const maybe = z.string().optional()

const bodies = {
  assign: z.strictObject({ agent: maybe }),
  say: z.strictObject({ text: z.string(), agent: maybe }),
  media: z.strictObject({
    type: z.enum(['image', 'video', 'file']).default('file'),
    url: z.string(),
    agent: maybe,
  }),
  inactivity: z.strictObject({ seconds: z.number().optional(), reason: maybe }),
  unknown: z.strictObject({ event: maybe }),
  event: z.record(z.string(), z.unknown()),
  webhook: z.strictObject({ url: z.string(), token: z.string() }),
  settings: z.strictObject({ mode: z.enum(modes), knowsRepeats: z.boolean() }).partial(),
}

/** What people with curl are told: how to play the agent. */
export const deskRouteList = [
  'GET  /__desk/tickets',
  'GET  /__desk/tickets/:ticket                (:ticket is its id, or the senderId of its client)',
  'POST /__desk/tickets/:ticket/assign         {"agent"?}',
  'POST /__desk/tickets/:ticket/say            {"text", "agent"?}',
  'POST /__desk/tickets/:ticket/media          {"type": image | video | file, "url", "agent"?}',
  'POST /__desk/tickets/:ticket/inactivity     {"seconds"?, "reason"?}',
  'POST /__desk/tickets/:ticket/logout',
  'POST /__desk/tickets/:ticket/close',
  'POST /__desk/tickets/:ticket/unknown        {"event"?}',
  'POST /__desk/event                          any event at all',
  'POST /__desk/webhook                        {"url", "token"}',
  `POST /__desk/settings                       {"mode"?: ${modes.join(' | ')}, "knowsRepeats"?}`,
  'GET  /__desk/webhooks · GET /__desk/requests · POST /__desk/settled',
]

/** Lets people with curl, and tests in other processes, play the agent. Answers 400 `{"error"}` on a refusal. */
export function addDeskRoutes(
  parent: FastifyInstance,
  desk: Desk,
  agents: AgentDesk,
  webhooks: Webhooks,
): void {
  const routes = async (app: FastifyInstance) => {
    app.setErrorHandler(explainControlError)
    addTicketRoutes(app, desk, agents)
    addOfficeRoutes(app, desk, agents, webhooks)
  }
  parent.register(routes, { prefix: '/__desk' })
}

function addTicketRoutes(app: FastifyInstance, { state }: Desk, agents: AgentDesk): void {
  app.get('/tickets', () => ({ tickets: [...state.tickets.values()] }))
  app.get<OfTicket>('/tickets/:ticket', ({ params }) => ({ ticket: findTicket(state, params.ticket) }))
  app.post<OfTicket>('/tickets/:ticket/assign', ({ params, body }) =>
    agents.assign(params.ticket, bodies.assign.parse(body ?? {}).agent),
  )
  app.post<OfTicket>('/tickets/:ticket/say', ({ params, body }) => {
    const { text, agent } = bodies.say.parse(body)
    return agents.agentText(params.ticket, text, agent)
  })
  app.post<OfTicket>('/tickets/:ticket/media', ({ params, body }) => {
    const { agent, ...media } = bodies.media.parse(body)
    return agents.agentMedia(params.ticket, media, agent)
  })
  app.post<OfTicket>('/tickets/:ticket/inactivity', ({ params, body }) => {
    const { seconds, reason } = bodies.inactivity.parse(body ?? {})
    return agents.inactivity(params.ticket, seconds, reason)
  })
  app.post<OfTicket>('/tickets/:ticket/logout', ({ params }) => agents.logout(params.ticket))
  app.post<OfTicket>('/tickets/:ticket/close', ({ params }) => agents.close(params.ticket))
  app.post<OfTicket>('/tickets/:ticket/unknown', ({ params, body }) =>
    agents.unknownEvent(params.ticket, bodies.unknown.parse(body ?? {}).event),
  )
}

function addOfficeRoutes(
  app: FastifyInstance,
  { state, settings, webhook }: Desk,
  agents: AgentDesk,
  webhooks: Webhooks,
): void {
  app.post('/event', ({ body }) => agents.postEvent(bodies.event.parse(body)))
  app.post('/webhook', ({ body }) => ({ url: Object.assign(webhook, bodies.webhook.parse(body)).url }))
  app.post('/settings', ({ body }) => Object.assign(settings, bodies.settings.parse(body)))
  app.get('/webhooks', () => ({ webhooks: state.webhooks }))
  app.get('/requests', () => ({ requests: state.requests }))
  app.post('/settled', async () => {
    await webhooks.settled()
    return { settled: true }
  })
}
