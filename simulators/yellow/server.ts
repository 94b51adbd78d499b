import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { fail } from './envelope.ts'
import { unwrap } from './forms.ts'
import type { Desk } from './state.ts'
import type { LoggedRequest } from './types.ts'

type OfCompany = { endpoint: string; company: string }

const sixteenMiB = 16 * 1024 * 1024

/** A bare server that answers errors in the documented envelope. The status of a failure is not documented. */
export function createServer(): FastifyInstance {
  const app = Fastify({
    bodyLimit: sixteenMiB,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  })
  app.setSerializerCompiler(() => JSON.stringify)
  // All but JSON is 415.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    reply.code(error.statusCode ?? 500).send(fail(error.message))
  })
  return app
}

const entries = new WeakMap<FastifyRequest, LoggedRequest>()

/** Keeps a record of every call of the API, also of those a fault will never let be answered. */
export function logRequests(app: FastifyInstance, { token, state, now }: Desk): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.url.startsWith('/__')) return done()
    const [, endpoint = '', company = ''] = request.url.split('/')
    const auth = authOf(request, token)
    const entry: LoggedRequest = { endpoint, company, ...(auth && { auth }), body: undefined, at: now() }
    entries.set(request, entry)
    state.requests.push(entry)
    done()
  })
  app.addHook('preHandler', (request, _reply, done) => {
    const shape = unwrap(request.body)?.shape
    Object.assign(entries.get(request) ?? {}, { body: request.body }, shape && { shape })
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    Object.assign(entries.get(request) ?? {}, { status: reply.statusCode })
    done(null, payload)
  })
}

/** Refuses who does not know the token. An address with another company in it leads nowhere. */
export function guard(app: FastifyInstance, { token, company }: Desk): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!authOf(request, token)) return refuse(reply, 401, 'invalid token')
    if ((request.params as OfCompany).company !== company) return reply.callNotFound()
    done()
  })
}

function refuse(reply: FastifyReply, status: number, message: string): void {
  reply.code(status).send(fail(message))
}

/** `{token}` in the text of the specification, `Bearer {token}` in its samples: both are right. */
function authOf({ headers }: FastifyRequest, token: string): LoggedRequest['auth'] {
  if (headers.authorization === token) return 'raw'
  return headers.authorization?.replace(/^bearer +/i, '') === token ? 'bearer' : undefined
}
