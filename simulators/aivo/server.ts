import Fastify, { type FastifyInstance } from 'fastify'
import { ZodError, z } from 'zod'
import type { LoggedRequest, State } from './state.ts'

/** An answer that says no. Its shape is a guess: no page shows one. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, reason: string) {
    super(reason)
    this.status = status
  }
}

export function createServer(): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not found' }))
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send({ error: error.message })
    if (error instanceof ZodError) return reply.code(400).send({ error: z.prettifyError(error) })
    const { statusCode = 500 } = error as { statusCode?: number }
    return reply.code(statusCode).send({ error: statusCode < 500 ? String(error) : 'internal error' })
  })
  return app
}

/** Keeps a record of every request, also of those a fault will never let be answered. */
export function logRequests(app: FastifyInstance, { requests }: State): void {
  const entries = new WeakMap<object, LoggedRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.url.startsWith('/__')) return done()
    const { method, url, headers } = request
    const entry = { method, path: url, headers, body: undefined }
    entries.set(request, entry)
    requests.push(entry)
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
}
