import { z } from 'zod'
import type { Answer } from '../../mediator/answer.ts'
import { requireToken, type TokenCheck } from '../auth.ts'
import { answers, envelope, sendAnswer } from '../envelope.ts'
import type { TypedApp } from '../typed-app.ts'
import { userid } from './bot.ts'

/** What the operations team asks for. None of it shows anyone's words or name. */
export type OperationsDoor = {
  session(userid: string): Promise<Answer>
}

const security = [{ apiToken: [] }]
const tags = ['operations']

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
}
