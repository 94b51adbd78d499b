import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { openConversation } from '../conversations.ts'
import type { Core } from '../core.ts'
import type { Settings } from '../settings.ts'
import type { Conversation } from '../types.ts'

const text = z.string().optional()
/** Parameters can be extended, so unknown ones are kept. */
const requestSchema = z
  .looseObject({
    channel: z.string().min(1),
    firstName: text,
    lastName: text,
    email: text,
    phone: text,
    refId: text,
    language: text,
    subject: text,
    comment: text,
    url: text,
    requestId: text,
    timestamp: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ firstName, email, phone, refId }) => firstName || email || phone || refId, {
    error: 'one of firstName, email, phone, refId is needed',
  })

const refusals: Partial<Record<Settings['initAnswer'], number>> = { error: 500, unavailable: 503 }

/** `POST /api/customer/init`. The status of a refusal is not documented; 400 here. */
export function addInitRoute(app: FastifyInstance, core: Core): void {
  const { settings } = core
  app.post('/api/customer/init', (request, reply) => {
    const kind = settings.initAnswers.shift() ?? settings.initAnswer
    const refusal = refusals[kind]
    if (refusal) return reply.code(refusal).send()
    const said = requestSchema.safeParse(request.body)
    if (!said.success) throw refuse(z.prettifyError(said.error))
    if (settings.channels.length > 0 && !settings.channels.includes(said.data.channel))
      throw refuse(`no channel ${said.data.channel}`)
    const conversation = openConversation(core, said.data)
    if (kind === 'empty') return reply.code(200).send()
    return answer(core, conversation, kind)
  })
}

function refuse(reason: string): Error {
  return Object.assign(new Error(reason), { statusCode: 400 })
}

function answer(
  { settings, now }: Core,
  { id, customer, request }: Conversation,
  kind: Settings['initAnswer'],
) {
  const names = settings.capitalisedKeys ? ['Participant', 'Timestamp'] : ['participant', 'timestamp']
  const [participantKey = '', timestampKey = ''] = names
  const shape = settings.participantShape
  const participant = shape === 'string' ? customer.id : { [shape]: customer.id, name: customer.name }
  return {
    ...(kind !== 'no-conversation' && { conversationId: id }),
    ...(kind !== 'no-participant' && { [participantKey]: participant }),
    requestId: request.requestId,
    [timestampKey]: new Date(now()).toISOString(),
  }
}
