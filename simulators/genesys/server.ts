import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { Refusal } from './refusal.ts'
import type { LoggedRequest } from './types.ts'
import type { Workspace } from './workspace.ts'

/** A bare server that answers what it does not know in the vendor's words. */
export function createServer(): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ statusCode: 6, statusMessage: 'Not found: no such resource' }),
  )
  return app
}

/** The code of whatever a handler threw, and the HTTP status where it is fixed. Our own mistakes stay visible: 500. */
export function readError(error: FastifyError | Refusal): { code: number; http?: number; text: string } {
  const text = error.message
  if (error instanceof Refusal) return { code: error.code, text, ...(error.http && { http: error.http }) }
  const http = error.statusCode ?? 500
  return { code: http < 500 ? 1 : 4, http, text }
}

/** Keeps a record of every request, also of those a fault will never let be answered. */
export function logRequests(app: FastifyInstance, { state, now }: Workspace): void {
  const entries = new WeakMap<FastifyRequest, LoggedRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, url: path, headers } = request
    const entry: LoggedRequest = { method, path, headers, body: undefined, at: now() }
    entries.set(request, entry)
    if (!path.startsWith('/__')) state.requests.push(entry)
    done()
  })
  app.addHook('preValidation', (request, _reply, done) => {
    const entry = entries.get(request)
    if (entry) entry.body = request.body
    done()
  })
  app.addHook('onSend', (request, reply: FastifyReply, payload, done) => {
    const entry = entries.get(request)
    if (entry) entry.status = reply.statusCode
    done(null, payload)
  })
}
