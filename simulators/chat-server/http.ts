import Fastify, { type FastifyInstance } from 'fastify'
import { isAllowedHeader } from './access.ts'
import type { Core } from './core.ts'
import { addInitRoute } from './routes/init.ts'
import { addTranscriptRoute } from './routes/transcript.ts'
import type { LoggedRequest } from './state.ts'

/** The REST half. Refusals have empty bodies [D: none is documented]; why is in the request's record. */
export function createHttpServer(core: Core): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true })
  const entries = logRequests(app, core)
  app.addHook('onRequest', (request, reply, done) => {
    const isOurs = request.url.startsWith('/api/')
    return isOurs && !isAllowedHeader(core, request.headers) ? void reply.code(401).send() : done()
  })
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const entry = entries.get(request)
    if (entry) entry.reason = error.message
    reply.code(error.statusCode ?? 500).send()
  })
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).type('text/html').send(`Cannot ${request.method} ${request.url}`)
  })
  return app
}

export function addApi(app: FastifyInstance, core: Core): void {
  app.register(async api => {
    addInitRoute(api, core)
    addTranscriptRoute(api, core)
  })
}

function logRequests(app: FastifyInstance, { state, now }: Core): WeakMap<object, LoggedRequest> {
  const entries = new WeakMap<object, LoggedRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, url, headers } = request
    const entry: LoggedRequest = { method, path: url, headers, body: undefined, at: now() }
    entries.set(request, entry)
    if (!url.startsWith('/__')) state.requests.push(entry)
    done()
  })
  app.addHook('preValidation', (request, _reply, done) => {
    const entry = entries.get(request)
    if (entry) entry.body = request.body
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const entry = entries.get(request)
    if (entry) entry.status = reply.statusCode
    done(null, payload)
  })
  return entries
}
