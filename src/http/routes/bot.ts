import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { BotInbound, Registering, Saying } from '../../bots/bot.ts'
import { MediatorError } from '../../domain/errors.ts'
import type { Answer } from '../../mediator/answer.ts'
import { requireToken, type TokenCheck } from '../auth.ts'
import { answers, sendAnswer } from '../envelope.ts'
import type { TypedApp } from '../typed-app.ts'

/** What the bot's routes lead to. With `simulation` the same is checked, but nothing is opened or sent. */
export type BotDoor = {
  inbound: BotInbound
  register(request: Registering & { simulation: boolean }): Promise<Answer>
  send(request: Saying & { simulation: boolean }): Promise<Answer>
  end(userid: string, simulation: boolean): Promise<Answer>
}

export const userid = z.string().min(1).max(128).describe('The contact’s uuid, as it was registered')

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe('The message’s own id, where the body has none')

const security = [{ apiToken: [] }]

export function addBotRoutes(app: TypedApp, door: BotDoor, hasToken: TokenCheck): void {
  const onRequest = requireToken(hasToken)
  app.post(
    '/live-agents/registerClient',
    {
      onRequest,
      schema: {
        summary: 'Hand a client over to an agent',
        tags: ['bot'],
        security,
        body: door.inbound.registerBody,
        response: answers(200, 202, 400, 401, 409, 413, 422, 502, 503),
      },
    },
    async (request, reply) => {
      const registering = door.inbound.toRegistration(request.body)
      return sendAnswer(reply, await door.register({ ...registering, simulation: isSimulation(request) }))
    },
  )
  app.post(
    '/live-agents/sendMessageToAgent',
    {
      onRequest,
      schema: {
        summary: 'Pass on what the client said',
        tags: ['bot'],
        security,
        headers: z.looseObject({ 'idempotency-key': idempotencyKey }),
        body: door.inbound.clientMessageBody,
        response: answers(200, 202, 400, 401, 404, 409, 413, 502, 503),
      },
    },
    async (request, reply) => {
      const saying = door.inbound.toClientMessage(request.body, keyOf(request))
      return sendAnswer(reply, await door.send({ ...saying, simulation: isSimulation(request) }))
    },
  )
  app.delete(
    '/live-agents/session/user/:userid',
    {
      onRequest,
      schema: {
        summary: 'End the conversation from the bot’s side',
        tags: ['bot'],
        security,
        params: z.object({ userid }),
        response: answers(200, 202, 400, 401, 502, 503),
      },
    },
    async (request, reply) => sendAnswer(reply, await door.end(request.params.userid, isSimulation(request))),
  )
}

/** RapidPro's flow simulator makes real calls, and says so in this header. */
function isSimulation(request: FastifyRequest): boolean {
  return request.headers['x-mailroom-mode'] === 'simulation'
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const read = idempotencyKey.safeParse(headers['idempotency-key'])
  if (read.success) return read.data
  throw new MediatorError('INVALID', `headers.idempotency-key: ${read.error.issues[0]?.message}`)
}
