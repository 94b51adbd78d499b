import Fastify, { type FastifyInstance } from 'fastify'
import { type Faults, installFaults } from '../lib/faults.ts'
import { logRequest, sendRefusal } from './api.ts'
import { Refusal, throttled } from './refusal.ts'
import type { Workspace } from './workspace.ts'

/** Room for a file over the limit of 25 MB, so that it meets RapidPro's own refusal. */
const bodyLimit = 64 * 1024 * 1024
const page = (title: string) => `<!doctype html><html><head><title>${title}</title></head></html>`

/** The server without endpoints: faults, body reading, the request log, and answers to what went wrong. */
export function buildServer(workspace: Workspace): { app: FastifyInstance; faults: Faults } {
  const app = Fastify({ bodyLimit, forceCloseConnections: true })
  const faults = installFaults(app, {
    tooManyRequests: resetMs => {
      const { headers, body } = throttled(resetMs)
      return { headers, body: body as object }
    },
  })
  readBodies(app)
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/html').send(page('Not Found')))
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refusal) return sendRefusal(reply, error)
    return reply.code(500).type('text/plain').send(String(error))
  })
  if (!workspace.fast) logRequests(app, workspace)
  return { app, faults }
}

/** The API judges bodies itself, after it knows who asks; only the control surface gets parsed JSON. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (!request.url.startsWith('/__')) return done(null, body)
    try {
      done(null, JSON.parse(body.toString()))
    } catch (error) {
      done(error instanceof Error ? error : new Error('not JSON'))
    }
  })
}

function logRequests(app: FastifyInstance, workspace: Workspace): void {
  app.addHook('onResponse', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return
    logRequest(workspace, request, reply.statusCode)
  })
}
