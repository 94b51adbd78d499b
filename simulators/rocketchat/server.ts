import Fastify, { type FastifyInstance } from 'fastify'
import { createErrorHandler } from './envelope.ts'
import type { Traits } from './profiles.ts'
import { addConfigRoute } from './routes/config.ts'
import { addExtraRoutes } from './routes/extras.ts'
import { addDownloadRoute } from './routes/file-download.ts'
import { addMessageRoutes } from './routes/message.ts'
import { addOfficeRoutes } from './routes/office.ts'
import { addOfflineRoute } from './routes/offline.ts'
import { addRoomRoutes } from './routes/room.ts'
import { addUploadRoute } from './routes/upload.ts'
import { addVisitorRoutes } from './routes/visitor.ts'
import type { LoggedRequest } from './types.ts'
import type { Workspace, WorkspaceCore } from './workspace.ts'

const sixteenMiB = 16 * 1024 * 1024

/** A bare server that reads bodies and answers errors like the release. */
export function createServer(traits: Traits): FastifyInstance {
  const customOptions = {
    coerceTypes: !traits.errorObjects,
    removeAdditional: false,
    useDefaults: false,
  } as const
  const app = Fastify({
    bodyLimit: sixteenMiB,
    forceCloseConnections: true,
    ajv: { customOptions },
    routerOptions: { maxParamLength: 500 },
  })
  app.setErrorHandler(createErrorHandler(traits))
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body ? JSON.parse(String(body)) : {})
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }))
    }
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

/** Keeps a record of every request, also of those a fault will never let be answered. */
export function logRequests(app: FastifyInstance, { state, fast, now }: WorkspaceCore): void {
  const entries = new WeakMap<object, LoggedRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.url.startsWith('/__')) return done()
    state.counts.requests += 1
    if (fast) return done()
    const { method, url, headers } = request
    const entry = { method, path: url, headers, body: undefined, at: now() }
    entries.set(request, entry)
    state.requests.push(entry)
    done()
  })
  if (fast) return
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

/** The time of every answer, on the workspace's own clock. */
export function tellTime(app: FastifyInstance, { now }: WorkspaceCore): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('date', new Date(now()).toUTCString())
    done(null, payload)
  })
}

export function addApi(app: FastifyInstance, workspace: Workspace): void {
  const routes = async (api: FastifyInstance) => {
    addVisitorRoutes(api, workspace)
    addRoomRoutes(api, workspace)
    addMessageRoutes(api, workspace)
    addUploadRoute(api, workspace)
    addConfigRoute(api, workspace)
    addExtraRoutes(api, workspace)
    addOfflineRoute(api, workspace)
    addOfficeRoutes(api, workspace)
  }
  app.register(routes, { prefix: '/api/v1' })
  addDownloadRoute(app, workspace)
}

/** Unknown paths, and known ones with another method. Install it before the routes. */
export function answerUnknownPaths(app: FastifyInstance, traits: Traits): void {
  const known: RegExp[] = []
  app.addHook('onRoute', ({ url }) => {
    known.push(new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`))
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    if (traits.wrongMethodIs405 && known.some(pattern => pattern.test(path)))
      return reply.code(405).send({ status: 'error', message: 'API endpoint does not exist' })
    if (traits.modern) return reply.code(404).send({ success: false, error: 'Invalid API route' })
    return reply.code(404).type('text/html').send('<!DOCTYPE html><html><body>Not Found</body></html>')
  })
}
