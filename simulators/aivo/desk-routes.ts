import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { explainControlError } from '../lib/faults.ts'
import type { AgentDesk } from './agent-desk.ts'
import { existing, type Live } from './live.ts'
import { defaultSettings } from './settings.ts'

type OfConversation = { Params: { who: string } }
const maybe = z.string().optional()
const agent = z.strictObject({ name: z.string(), nickname: maybe, groupId: z.int().optional() })

const bodies = {
  attend: agent.optional(),
  transfer: z.strictObject({ target: z.int(), agent: agent.optional() }),
  say: z.union([
    z.strictObject({ text: z.string() }).transform(({ text }) => text),
    z
      .strictObject({
        items: z.array(z.strictObject({ action: z.string(), value: z.string(), source: maybe })),
      })
      .transform(({ items }) => items),
  ]),
  close: z.strictObject({ by: z.enum(['agent', 'trigger']).optional() }),
  event: z.strictObject({ name: z.string(), data: z.unknown().optional() }),
  webhook: z.strictObject({ url: z.string() }),
  settings: z.partialRecord(
    z.enum(Object.keys(defaultSettings)),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.int())]),
  ),
}

/** How to play the agent with curl. */
export const deskRouteList = [
  'GET  /__desk/conversations',
  'GET  /__desk/conversations/:who            (:who is a conversation id, a hash or the client’s UUID)',
  'POST /__desk/conversations/:who/attend     {"name", "nickname"?, "groupId"?}?',
  'POST /__desk/conversations/:who/transfer   {"target", "agent"?}',
  'POST /__desk/conversations/:who/say        {"text"} | {"items": [{"action", "value", "source"?}]}',
  'POST /__desk/conversations/:who/close      {"by"?: "agent" | "trigger"}',
  'POST /__desk/conversations/:who/event      {"name", "data"?}',
  'POST /__desk/webhook                       {"url"}',
  'POST /__desk/settings                      {"<setting>": value}',
  'GET  /__desk/webhooks · GET /__desk/requests · POST /__desk/settled',
]

/** Lets people with curl, and tests in other processes, play the agent. Answers 400 `{"error"}` on a refusal. */
export function addDeskRoutes(parent: FastifyInstance, live: Live, desk: AgentDesk): void {
  const routes = async (app: FastifyInstance) => {
    app.setErrorHandler(explainControlError)
    addConversationRoutes(app, live, desk)
    addOfficeRoutes(app, live)
  }
  parent.register(routes, { prefix: '/__desk' })
}

function addConversationRoutes(app: FastifyInstance, live: Live, desk: AgentDesk): void {
  const act = (name: string, run: (who: string, body: unknown) => Promise<void>) =>
    app.post<OfConversation>(`/conversations/:who/${name}`, async ({ params: { who }, body }) => {
      await run(who, body)
      return { conversation: existing(live, who) }
    })
  app.get('/conversations', () => ({ conversations: [...live.state.conversations.values()] }))
  app.get<OfConversation>('/conversations/:who', ({ params }) => ({
    conversation: existing(live, params.who),
  }))
  act('attend', (who, body) => desk.attended(who, bodies.attend.parse(body ?? undefined)))
  act('transfer', (who, body) => desk.transfer(who, bodies.transfer.parse(body)))
  act('say', (who, body) => desk.message(who, bodies.say.parse(body)))
  act('close', (who, body) => desk.close(who, bodies.close.parse(body ?? {}).by))
  act('event', (who, body) => {
    const { name, data } = bodies.event.parse(body)
    return desk.unknown(who, name, data)
  })
}

function addOfficeRoutes(app: FastifyInstance, { state, settings, events }: Live): void {
  app.post('/webhook', ({ body }) => {
    settings.webhookUrl = bodies.webhook.parse(body).url
    return { url: settings.webhookUrl }
  })
  app.post('/settings', ({ body }) => Object.assign(settings, bodies.settings.parse(body)))
  app.get('/webhooks', () => ({ webhooks: state.webhooks }))
  app.get('/requests', () => ({ requests: state.requests }))
  app.post('/settled', async () => {
    await events.settled()
    return { settled: true }
  })
}
