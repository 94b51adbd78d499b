import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { explainControlError } from '../lib/faults.ts'
import type { AgentDesk } from './agent-desk.ts'
import type { Core } from './core.ts'
import type { Disturbances } from './disturbances.ts'
import { settingsSchema } from './settings.ts'
import type { Conversation } from './types.ts'

type OfConversation = { Params: { key: string } }
type Drivers = AgentDesk & Disturbances

const maybe = z.string().optional()
const participant = z.strictObject({ id: z.string(), name: z.string(), type: maybe })
const attachment = z.strictObject({
  type: z.string(),
  name: z.string(),
  contentUrl: z.string(),
  thumbnailUrl: maybe,
})
const bodies = {
  agent: z.strictObject({ agent: maybe }),
  say: z.strictObject({
    text: z.string().default(''),
    agent: maybe,
    from: participant.optional(),
    attachments: z.array(attachment).optional(),
    to: z.array(participant).optional(),
    tag: maybe,
    id: z.string().nullable().optional(),
    timestamp: z.string().nullable().optional(),
  }),
  remove: z.strictObject({ who: z.string() }),
  greet: z.strictObject({ text: maybe }),
  campaign: z.strictObject({ channel: z.string(), refId: z.string(), text: z.string() }),
  drop: z.strictObject({ kind: z.enum(['server', 'transport']), socket: maybe }),
  restart: z.strictObject({ keepsState: z.boolean().default(true) }),
  junk: z.strictObject({ conversation: maybe }),
  raw: z.strictObject({ payload: z.unknown(), event: maybe }),
  settings: settingsSchema.partial(),
}

/** What `npm run simulate` prints: how to play the agent with curl. */
export const deskRouteList = [
  'GET  /__desk/conversations',
  'GET  /__desk/conversations/:key           (:key is an id, or the refId, phone or e-mail of the customer)',
  'GET  /__desk/conversations/:key/said',
  'POST /__desk/conversations/:key/say       {"text", "agent"?, "attachments"?, "to"?, "tag"?, "id"?, "timestamp"?}',
  'POST /__desk/conversations/:key/join | leave | typing | added   {"agent"?}',
  'POST /__desk/conversations/:key/removed   {"who"}   (a name, or "customer")',
  'POST /__desk/conversations/:key/hand-off | no-agent | end',
  'POST /__desk/conversations/:key/greet     {"text"?}',
  'POST /__desk/campaign                     {"channel", "refId", "text"}',
  'POST /__desk/drop                         {"kind": "server" | "transport", "socket"?}',
  'POST /__desk/restart                      {"keepsState"?}',
  'POST /__desk/forget · /__desk/junk {"conversation"?} · /__desk/raw {"payload", "event"?}',
  'POST /__desk/settings                     {"<setting>": value}',
  'GET  /__desk/events · /__desk/lost · /__desk/requests',
]

/** Lets people with curl, and tests in other processes, play the agent. Answers 400 `{"error"}` on a refusal. */
export function addDeskRoutes(parent: FastifyInstance, core: Core, drivers: Drivers): void {
  const routes = async (app: FastifyInstance) => {
    app.setErrorHandler(explainControlError)
    addConversationRoutes(app, core, drivers)
    addMoveRoutes(app, drivers)
    addTroubleRoutes(app, drivers)
    addOfficeRoutes(app, core, drivers)
  }
  parent.register(routes, { prefix: '/__desk' })
}

const shown = (conversation: Conversation) => ({ ...conversation, members: [...conversation.members] })

function addConversationRoutes(app: FastifyInstance, { state }: Core, desk: Drivers): void {
  app.get('/conversations', () => ({ conversations: [...state.conversations.values()].map(shown) }))
  app.get<OfConversation>('/conversations/:key', ({ params: { key } }, reply) => {
    const conversation = desk.conversationOf(key)
    if (!conversation) return reply.code(404).send({ error: 'no such conversation' })
    return { conversation: shown(conversation) }
  })
  app.get<OfConversation>('/conversations/:key/said', ({ params }) => ({ said: desk.said(params.key) }))
  app.post<OfConversation>('/conversations/:key/say', ({ params, body }) => {
    const { text, ...saying } = bodies.say.parse(body)
    return { message: desk.say(params.key, text, saying) }
  })
}

/** What is done to a conversation and needs no answer; all answer `{"done": true}`. */
function addMoveRoutes(app: FastifyInstance, desk: Drivers): void {
  const moves: Record<string, (key: string, body: unknown) => unknown> = {
    join: (key, body) => desk.agentJoins(key, bodies.agent.parse(body).agent),
    leave: (key, body) => desk.agentLeaves(key, bodies.agent.parse(body).agent),
    typing: (key, body) => desk.typing(key, bodies.agent.parse(body).agent),
    added: (key, body) => desk.participantAdded(key, bodies.agent.parse(body).agent),
    removed: (key, body) => desk.participantRemoved(key, bodies.remove.parse(body).who),
    greet: (key, body) => desk.greet(key, bodies.greet.parse(body).text),
    'hand-off': key => desk.handOff(key),
    'no-agent': key => desk.noAgentAvailable(key),
    end: key => desk.end(key),
  }
  for (const [name, move] of Object.entries(moves))
    app.post<OfConversation>(`/conversations/:key/${name}`, ({ params, body }) => {
      move(params.key, body ?? {})
      return { done: true }
    })
}

function addTroubleRoutes(app: FastifyInstance, trouble: Drivers): void {
  app.post('/drop', ({ body }) => {
    const { kind, socket } = bodies.drop.parse(body)
    trouble.drop(kind, socket)
    return { done: true }
  })
  app.post('/restart', ({ body }, reply) => {
    const options = bodies.restart.parse(body ?? {})
    reply.raw.once('finish', () => void trouble.restart(options))
    return { done: true }
  })
  app.post('/forget', () => {
    trouble.forget()
    return { done: true }
  })
  app.post('/junk', ({ body }) => ({ sent: trouble.sendJunk(bodies.junk.parse(body ?? {}).conversation) }))
  app.post('/raw', ({ body }) => {
    const { payload, event } = bodies.raw.parse(body)
    trouble.sendRaw(payload, event)
    return { done: true }
  })
}

function addOfficeRoutes(app: FastifyInstance, { state, settings }: Core, desk: Drivers): void {
  app.post('/campaign', ({ body }) => {
    const { channel, refId, text } = bodies.campaign.parse(body)
    return { sockets: desk.campaign(channel, refId, text) }
  })
  app.post('/settings', ({ body }) => Object.assign(settings, bodies.settings.parse(body)))
  app.get('/events', () => ({ events: state.events }))
  app.get('/lost', () => ({ lost: state.lost }))
  app.get('/requests', () => ({ requests: state.requests }))
}
