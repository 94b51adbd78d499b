import { z } from 'zod'
import type { Operated, Transcript, TranscriptType } from '../../desks/desk.ts'
import { requireToken, type TokenCheck } from '../auth.ts'
import { answers, envelope, sendAnswer } from '../envelope.ts'
import type { TypedApp } from '../typed-app.ts'

/** What only some desks can do with a conversation. Both throw NOT_FOUND for a desk that cannot. */
export type ConversationDoor = {
  /** The bodies of all desks' operations; undefined where no kind of desk has any. */
  operations: z.ZodType | undefined
  operate(desk: string, conversation: string, operation: unknown): Promise<Operated>
  transcript(desk: string, conversation: string, type: TranscriptType): Promise<Transcript>
}

const tags = ['operations']
const security = [{ apiToken: [] }]
const conversation = z.string().min(1).max(300)
const withVendor = envelope.extend({ vendor: z.unknown().describe('What the desk answered') })

/** The word of each status a desk's refusal can mean. */
const WORDS: Record<number, string> = {
  200: 'success',
  400: 'invalid',
  401: 'misconfigured',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  502: 'unavailable',
}

export function addConversationRoutes(app: TypedApp, door: ConversationDoor, hasToken: TokenCheck): void {
  const onRequest = requireToken(hasToken)
  app.post(
    '/live-agents/desks/:desk/interactions/:id',
    {
      onRequest,
      schema: {
        summary: 'An operation of the desk’s own on one of its conversations',
        tags,
        security,
        params: z.object({ desk: z.string(), id: conversation }),
        body: door.operations ?? z.looseObject({ operation: z.string() }),
        response: { ...answers(401, 413, 503), ...operated(200, 400, 403, 404, 409, 502) },
      },
    },
    async (request, reply) => {
      const { desk, id } = request.params
      const { status, msg, vendor } = await door.operate(desk, id, request.body)
      return reply.code(status).send({ status_code: status, status: WORDS[status] ?? 'refused', msg, vendor })
    },
  )
  app.get(
    '/live-agents/desks/:desk/conversations/:id/transcript',
    {
      onRequest,
      schema: {
        summary: 'The transcript of a conversation that has ended',
        tags,
        security,
        params: z.object({ desk: z.string(), id: conversation }),
        querystring: z.object({
          type: z
            .enum(['pdf', 'email'])
            .default('pdf')
            .describe('`email`: the desk mails it, nothing is sent'),
        }),
        response: answers(200, 400, 401, 404, 502, 503),
      },
      serializerCompiler: () => data => (Buffer.isBuffer(data) ? data : JSON.stringify(data)) as string,
    },
    async (request, reply) => {
      const { desk, id } = request.params
      const transcript = await door.transcript(desk, id, request.query.type)
      if (transcript.kind === 'sent')
        return sendAnswer(reply, { word: 'success', msg: 'the desk mails the transcript' })
      return reply.type(transcript.contentType).send(transcript.bytes as never)
    },
  )
}

function operated(...statuses: number[]): Record<number, typeof withVendor> {
  return Object.fromEntries(statuses.map(status => [status, withVendor]))
}
