import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { z } from 'zod'
import type { InboundRequest, Posted, WebhookInbound } from '../../desks/desk.ts'
import type { AgentEvent } from '../../domain/agent-event.ts'
import { MediatorError } from '../../domain/errors.ts'
import { type Answer, DESK_BUDGET_MS } from '../../mediator/answer.ts'
import type { TokenCheck } from '../auth.ts'
import { answers, sendAnswer } from '../envelope.ts'
import { textOf } from '../json-body.ts'
import type { TypedApp } from '../typed-app.ts'

/** One desk that calls us. */
export type InboundDesk = WebhookInbound & { name: string }

/** What the desks' routes lead to. */
export type DeskDoor = {
  /** Undefined: no desk of that name, or none that calls us. */
  find(name: string): InboundDesk | undefined
  /** Those that the original API's `sendMessageToClient` is for. */
  sendMessageToClient: InboundDesk[]
  /** Answers within `budgetMs`. */
  receive(desk: string, event: AgentEvent, budgetMs: number): Promise<Answer>
}

const query = z.looseObject({
  token: z.string().optional().describe('The desk’s webhook_token, where it can send no header'),
})
const body = z.unknown().describe('The desk’s own event')
const response = answers(200, 400, 401, 404, 413, 503)
const security: Record<string, string[]>[] = [{ webhookToken: [] }, { apiToken: [] }]

/** Where a desk posts its events, and where Rocket.Chat's have been posted since the original API. */
export const EVENTS_ROUTE = '/live-agents/desks/:desk/events'
export const TO_CLIENT_ROUTE = '/live-agents/sendMessageToClient'

export function addDeskRoutes(app: TypedApp, door: DeskDoor, hasToken: TokenCheck, bodyLimit: number): void {
  app.post(
    EVENTS_ROUTE,
    {
      bodyLimit,
      onRequest: authenticateBy(request => known(door, request)),
      schema: {
        summary: 'An event from a desk',
        tags: ['desk'],
        params: z.object({ desk: z.string() }),
        querystring: query,
        body,
        security: [{ webhookToken: [] }],
        response,
      },
    },
    async (request, reply) => receive(door, request, reply),
  )
  app.post(
    TO_CLIENT_ROUTE,
    {
      bodyLimit,
      onRequest: authenticateBy(request => sender(door, request, hasToken)),
      schema: {
        summary: 'An event from Rocket.Chat’s livechat webhook',
        tags: ['desk'],
        security,
        querystring: query,
        body,
        response,
      },
    },
    async (request, reply) => receive(door, request, reply),
  )
}

const authenticated = new WeakMap<FastifyRequest, InboundDesk>()

/** Who calls is found out before the body is read, and once. */
function authenticateBy(find: (request: FastifyRequest) => InboundDesk): onRequestHookHandler {
  return (request, _reply, done) => {
    authenticated.set(request, find(request))
    done()
  }
}

function deskOf(request: FastifyRequest): InboundDesk {
  const desk = authenticated.get(request)
  if (!desk) throw new MediatorError('UNAUTHORIZED', 'this call was not authenticated')
  return desk
}

function known(door: DeskDoor, request: FastifyRequest): InboundDesk {
  const { desk: name } = request.params as { desk: string }
  const desk = door.find(name)
  if (!desk) throw new MediatorError('NOT_FOUND', `no desk "${name}" is configured that calls us`)
  if (desk.authenticate(secretsOf(request))) return desk
  throw new MediatorError('UNAUTHORIZED', `the secret is not the webhook_token of the desk "${name}"`)
}

function sender(door: DeskDoor, request: FastifyRequest, hasToken: TokenCheck): InboundDesk {
  const desks = door.sendMessageToClient
  const desk =
    desks.find(one => one.authenticate(secretsOf(request))) ?? (hasToken(request) ? desks[0] : undefined)
  if (desk) return desk
  if (desks.length === 0) throw new MediatorError('NOT_FOUND', 'no desk is configured that calls this path')
  throw new MediatorError(
    'UNAUTHORIZED',
    'send the desk’s webhook_token in X-RocketChat-Livechat-Token, or an API token',
  )
}

function secretsOf(request: FastifyRequest): InboundRequest {
  return { headers: request.headers, query: request.query as Record<string, unknown> }
}

/** Exactly 200 whenever it is understood: to Rocket.Chat any other 2xx is a failure. It also stores what we answer. */
async function receive(door: DeskDoor, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const desk = deskOf(request)
  const posted = { body: request.body, text: textOf(request) }
  const answer = await receiveAll(door, desk, posted)
  const keys = desk.reply?.(posted, { status: answer.word, msg: answer.msg })
  return sendAnswer(reply, keys ? { ...answer, extra: keys } : answer)
}

/** One call may bring several events; the caller waits for all of them. */
async function receiveAll(door: DeskDoor, desk: InboundDesk, posted: Posted): Promise<Answer> {
  const until = performance.now() + DESK_BUDGET_MS
  let answer: Answer = { word: 'ignored', msg: 'of no concern to any client' }
  for (const event of desk.parse(posted)) {
    const said = await door.receive(desk.name, event, Math.max(0, until - performance.now()))
    if (answer.word === 'ignored') answer = said
  }
  return answer
}
