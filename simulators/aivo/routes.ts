import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Live, open } from './live.ts'
import { messageBody, type QueueBody, queueBody } from './schemas.ts'
import { Refusal } from './server.ts'

/** Both addresses the vendor's page shows. */
const PREFIXES = ['/api/v1/live-handler', '/conversations']

type OfConversation = { Params: { id: string; '*': string } }

export function addApi(app: FastifyInstance, live: Live): void {
  for (const prefix of PREFIXES) app.register(async api => addRoutes(api, live), { prefix })
}

function addRoutes(app: FastifyInstance, live: Live): void {
  app.post('/queue/external', ({ body }) => queue(live, queueBody.parse(body)))
  app.post<OfConversation>('/:id/client/message', ({ params, body }) => {
    hear(live, params.id, body)
    return {}
  })
  app.post<OfConversation>('/:id/*', async ({ params }, reply) => {
    const { closePath, closingEvent } = live.settings
    if (!closePath || params['*'] !== closePath) return reply.callNotFound()
    const conversation = openById(live, params.id)
    conversation.state = 'closed'
    void live.events.post(closingEvent, conversation, { value: 'closed by client' })
    return {}
  })
}

function queue({ settings, state }: Live, body: QueueBody) {
  const { botId, botToken, groups, protocol, withoutId } = settings
  const { user, groupsId, protocolId } = body
  if (body.botId !== botId || body.botToken !== botToken) throw new Refusal(401, 'wrong botId or botToken')
  const protocols = protocol === 'strict' ? [28] : [28, 1]
  if (!protocols.includes(protocolId)) throw new Refusal(400, 'protocolId must be 28')
  const group = groupsId.find(id => groups.includes(id))
  if (group === undefined) throw new Refusal(404, 'no such group')
  const id = randomUUID()
  state.conversations.set(id, { id, hash: user.hash, user, group, state: 'queued', lines: [] })
  const rest = { customToken: 'token', messageQueueId: 0, notAttended: 0 }
  return withoutId ? rest : { conversationId: id, ...rest }
}

function hear(live: Live, id: string, body: unknown): void {
  const conversation = openById(live, id)
  const { message } = messageBody.parse(body)
  if (live.settings.attendedFirst && conversation.state === 'queued')
    throw new Refusal(409, 'the conversation is not attended')
  const at = live.now()
  conversation.lines.push(...message.map(item => ({ ...item, by: 'client' as const, at })))
}

/** Whoever calls must know the id: it is all that is asked for. */
function openById(live: Live, id: string) {
  if (!live.state.conversations.has(id)) throw new Refusal(404, 'no such conversation')
  return open(live, id)
}
