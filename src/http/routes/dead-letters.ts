import { z } from 'zod'
import type { Answer } from '../../mediator/answer.ts'
import type { Asker, Selection } from '../../mediator/replay.ts'
import { requireToken, type TokenCheck } from '../auth.ts'
import type { FindAsker } from '../caller.ts'
import { answers, envelope, sendAnswer } from '../envelope.ts'
import type { TypedApp } from '../typed-app.ts'
import { type Filters, listQuery, selection, toSelection } from './dead-letter-filters.ts'

/** What could not be delivered. None of it shows anyone's words. */
export type DeadLettersDoor = {
  list(query: Selection & { limit: number }): Promise<Answer>
  show(id: string): Promise<Answer>
  replay(id: string, asker: Asker): Promise<Answer>
  replayAll(selection: Selection, asker: Asker): Promise<Answer>
}

const PATH = '/live-agents/dead-letters'
const security = [{ apiToken: [] }]
const tags = ['operations']
const params = z.object({ id: z.string().min(1).max(300) })

const deadLetter = z.object({
  id: z.string(),
  direction: z.enum(['to_agent', 'to_client']),
  desk: z.string().describe('Empty where none had been found yet'),
  userid: z.string(),
  reason: z.string(),
  attempts: z.number().int(),
  at: z.string().describe('When it was given up'),
  session: z.string(),
  conversation: z.string().describe('The desk’s id of it; empty where there was none'),
})

const list = envelope.extend({
  dead_letters: z.array(deadLetter),
  more: z.boolean().optional().describe('True: the limit left some out; `msg` says how to get them'),
})

const view = envelope.extend({
  dead_letter: deadLetter.extend({
    kind: z.enum(['message', 'close', 'end', 'undo', 'open', 'notice']),
    accepted_at: z.string(),
    text_length: z.number().int().describe('In characters as people count them'),
    attachments: z.array(z.object({ content_type: z.string(), size: z.number().nullable() })),
  }),
})

const count = z.number().int()
const replayed = envelope.extend({
  replayed: count,
  already_replayed: count.describe('By somebody else, just now'),
  session_ended: count.describe('There is nobody to deliver them to; they stay in the list'),
  gone: count,
  left: count.describe('More than one request may do: ask again'),
  ids: z.array(z.string()).describe('Those replayed, in the order of their delivery'),
})

export function addDeadLetterRoutes(
  app: TypedApp,
  door: DeadLettersDoor,
  hasToken: TokenCheck,
  askerOf: FindAsker,
): void {
  const onRequest = requireToken(hasToken)
  addReading(app, door, onRequest)
  app.post(
    `${PATH}/:id/replay`,
    {
      onRequest,
      schema: {
        summary: 'Deliver one after all',
        tags,
        security,
        params,
        response: answers(200, 400, 401, 404, 409, 503),
      },
    },
    async (request, reply) => sendAnswer(reply, await door.replay(request.params.id, askerOf(request))),
  )
  app.post(
    `${PATH}/replay`,
    {
      onRequest,
      schema: {
        summary: 'Deliver all that fit after all, the oldest first',
        tags,
        security,
        body: selection,
        response: { ...answers(400, 401, 413, 503), 200: replayed },
      },
    },
    async (request, reply) =>
      sendAnswer(reply, await door.replayAll(toSelection(request.body as Filters), askerOf(request))),
  )
}

function addReading(app: TypedApp, door: DeadLettersDoor, onRequest: ReturnType<typeof requireToken>): void {
  app.get(
    PATH,
    {
      onRequest,
      schema: {
        summary: 'What was given up, newest first',
        tags,
        security,
        querystring: listQuery,
        response: { ...answers(400, 401, 503), 200: list },
      },
    },
    async (request, reply) => {
      const { limit, ...filters } = request.query
      return sendAnswer(reply, await door.list({ ...toSelection(filters), limit }))
    },
  )
  app.get(
    `${PATH}/:id`,
    {
      onRequest,
      schema: {
        summary: 'One of them, without anyone’s words',
        tags,
        security,
        params,
        response: { ...answers(400, 401, 404, 503), 200: view },
      },
    },
    async (request, reply) => sendAnswer(reply, await door.show(request.params.id)),
  )
}
