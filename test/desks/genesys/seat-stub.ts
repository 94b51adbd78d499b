import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { onTestFinished } from 'vitest'

export type Frame = { channel: string; id?: string; clientId?: string; [key: string]: unknown }

/** What a stub answers; what is not given goes well. */
export type StubOptions = {
  me?(request: FastifyRequest, reply: FastifyReply): unknown
  /** By operationName. */
  operate?(operationName: string, reply: FastifyReply): unknown
  /** To one Bayeux message; a number is an HTTP status for the whole request, `hold` never answers. */
  bayeux?(frame: Frame): Frame | number | 'hold' | undefined
}

export type Stub = { url: string; asked: string[]; frames: Frame[] }

/** A Web Services that does as it is told, for what no real one would do on demand. */
export async function startStub(options: StubOptions = {}): Promise<Stub> {
  const app = Fastify({ forceCloseConnections: true })
  const stub: Stub = { url: '', asked: [], frames: [] }
  app.addHook('preHandler', async ({ method, url, body }) => {
    const { operationName = '' } = (body ?? {}) as { operationName?: string }
    stub.asked.push(`${method} ${url} ${operationName}`.trim())
  })
  app.get(
    '/me',
    (request, reply) =>
      options.me?.(request, reply) ?? { statusCode: 0, user: { id: 'u1', path: '/users/u1' } },
  )
  app.get('/me/interactions', () => ({ statusCode: 0, interactions: [] }))
  app.post('/me', ({ body }, reply) => {
    const { operationName } = body as { operationName: string }
    return options.operate?.(operationName, reply) ?? { statusCode: 0 }
  })
  for (const suffix of ['', '/', '/handshake', '/connect', '/disconnect'])
    app.post(`/notifications${suffix}`, (request, reply) => answer(stub, options, request, reply))
  stub.url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  return stub
}

async function answer(
  stub: Stub,
  { bayeux }: StubOptions,
  { body }: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const replies: Frame[] = []
  for (const frame of body as Frame[]) {
    stub.frames.push(frame)
    const said = bayeux?.(frame) ?? goesWell(frame)
    if (typeof said === 'number') return reply.code(said).send('')
    if (said === 'hold') return reply.hijack()
    replies.push(said)
  }
  return replies
}

function goesWell(frame: Frame): Frame | 'hold' {
  const { channel, id, advice } = frame as Frame & { advice?: { timeout?: number } }
  const said = { channel, ...(id !== undefined && { id }), successful: true }
  if (channel === '/meta/handshake')
    return { ...said, clientId: 'c1', version: '1.0', supportedConnectionTypes: ['long-polling'] }
  if (channel === '/meta/subscribe') return { ...said, subscription: frame.subscription }
  return channel === '/meta/connect' && advice?.timeout !== 0 ? 'hold' : said
}
