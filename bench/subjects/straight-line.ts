import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { Redis } from 'ioredis'
import { Agent, request } from 'undici'
import { z } from 'zod'

/**
 * The same hop with no guarantees: a validated request, one read of the session, one POST to the other side. No mailbox,
 * no order, no repeat dropped, no retry: what a script for one afternoon would do, written well.
 */
const { PORT, REDIS_URL = '', ROCKETCHAT_URL, RAPIDPRO_URL, RAPIDPRO_TOKEN } = process.env
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true })
const agent = new Agent({ connections: 128 })

const fromClient = z.looseObject({
  contact: z.looseObject({ uuid: z.string(), name: z.string().nullish(), urn: z.string().nullish() }),
  input: z.looseObject({ uuid: z.string(), text: z.string(), attachments: z.array(z.string()) }),
})
const fromAgent = z.looseObject({
  _id: z.string(),
  type: z.literal('Message'),
  visitor: z.looseObject({ token: z.string() }),
  messages: z.array(z.looseObject({ _id: z.string(), msg: z.string() })),
})
const answer = z.object({ status_code: z.number(), status: z.string(), msg: z.string() })
const done = { status_code: 200, status: 'success', msg: 'delivered' }

const app = Fastify().withTypeProvider<ZodTypeProvider>()
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)

app.post(
  '/live-agents/sendMessageToAgent',
  { schema: { body: fromClient, response: { 200: answer } } },
  async ({ body }) => {
    const session = JSON.parse((await redis.get(`session:${body.contact.uuid}`)) ?? 'null')
    const message = {
      token: body.contact.uuid,
      rid: session.room,
      _id: body.input.uuid,
      msg: body.input.text,
    }
    await post(`${ROCKETCHAT_URL}/api/v1/livechat/message`, message)
    return done
  },
)

app.post(
  '/live-agents/sendMessageToClient',
  { schema: { body: fromAgent, response: { 200: answer } } },
  async ({ body }) => {
    const session = JSON.parse((await redis.get(`session:${body.visitor.token}`)) ?? 'null')
    const text = body.messages[0]?.msg
    await post(
      `${RAPIDPRO_URL}/api/v2/messages.json`,
      { contact: session.userid, text },
      { authorization: `Token ${RAPIDPRO_TOKEN}` },
    )
    return done
  },
)

async function post(url: string, message: object, headers: Record<string, string> = {}): Promise<void> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(message),
    dispatcher: agent,
  })
  const reply = await response.body.json()
  if (response.statusCode >= 300) throw new Error(`${response.statusCode} ${JSON.stringify(reply)}`)
}

process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: Number(PORT) })}\n`)
process.on('SIGTERM', () => process.exit(0))
