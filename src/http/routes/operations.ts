import { z } from 'zod'
import type { Answer } from '../../mediator/answer.ts'
import { requireToken, type TokenCheck } from '../auth.ts'
import { answers, envelope, sendAnswer } from '../envelope.ts'
import type { TypedApp } from '../typed-app.ts'
import { userid } from './bot.ts'

/** What the operations team asks for. None of it shows anyone's words or name. */
export type OperationsDoor = {
  session(userid: string): Promise<Answer>
  deadLetters(): Promise<Answer>
  replay(id: string): Promise<Answer>
}

const security = [{ apiToken: [] }]
const tags = ['operations']

const direction = z.enum(['to_agent', 'to_client'])

const sessionView = envelope.extend({
  session: z.object({
    id: z.string(),
    state: z.enum(['opening', 'queued', 'assigned', 'ended']),
    desk: z.string().nullable(),
    conversation: z.string().nullable(),
    department: z.string(),
    opened_at: z.string(),
    agent: z.string().nullable(),
    waiting: z.object({ to_agent: z.number().int(), to_client: z.number().int() }),
    ended: z.string().nullable().describe('Why it ended'),
  }),
})

const deadLetterList = envelope.extend({
  dead_letters: z.array(
    z.object({
      id: z.string(),
      direction,
      desk: z.string(),
      userid: z.string(),
      reason: z.string(),
      attempts: z.number().int(),
      at: z.string(),
    }),
  ),
})

export function addOperationsRoutes(app: TypedApp, door: OperationsDoor, hasToken: TokenCheck): void {
  const onRequest = requireToken(hasToken)
  app.get(
    '/live-agents/sessions/:userid',
    {
      onRequest,
      schema: {
        summary: 'A client’s session',
        tags,
        security,
        params: z.object({ userid }),
        response: { ...answers(400, 401, 404, 503), 200: sessionView },
      },
    },
    async (request, reply) => sendAnswer(reply, await door.session(request.params.userid)),
  )
  app.get(
    '/live-agents/dead-letters',
    {
      onRequest,
      schema: {
        summary: 'What was given up, newest first',
        tags,
        security,
        response: { ...answers(401, 503), 200: deadLetterList },
      },
    },
    async (_request, reply) => sendAnswer(reply, await door.deadLetters()),
  )
  app.post(
    '/live-agents/dead-letters/:id/replay',
    {
      onRequest,
      schema: {
        summary: 'Deliver one after all',
        tags,
        security,
        params: z.object({ id: z.string().min(1).max(300) }),
        response: answers(200, 400, 401, 404, 409, 503),
      },
    },
    async (request, reply) => sendAnswer(reply, await door.replay(request.params.id)),
  )
}
