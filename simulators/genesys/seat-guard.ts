import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answerCsrf, answerFailure, createErrorHandler } from './answers.ts'
import type { HttpSession, SeatLogin } from './seat-login.ts'
import type { User } from './types.ts'
import type { Workspace } from './workspace.ts'

export type LoggedIn = HttpSession & { user: User }

/** Who is behind a request that the guard has let through. */
export type Whose = (request: FastifyRequest) => LoggedIn

/**
 * Lets only seats into the routes of `app`, with the CSRF header where the centre wants it at `place`; a GET tells the
 * header. The failures planted for seats strike here.
 */
export function guardSeats(
  app: FastifyInstance,
  workspace: Workspace,
  login: SeatLogin,
  place: 'rest' | 'notifications',
): Whose {
  const { settings, planted } = workspace
  const sessions = new WeakMap<FastifyRequest, LoggedIn>()
  app.setErrorHandler(createErrorHandler(settings))
  app.addHook('preHandler', async (request, reply) => {
    const session = login.identify(request, reply)
    sessions.set(request, session)
    if (settings.csrf === 'off' || (settings.csrf === 'rest' && place === 'notifications')) return
    if (request.method === 'GET')
      reply.headers({ 'X-CSRF-HEADER': 'X-CSRF-TOKEN', 'X-CSRF-TOKEN': session.csrfToken })
    else if (request.headers['x-csrf-token'] !== session.csrfToken) return answerCsrf(reply)
  })
  app.addHook('preHandler', async (request, reply) => {
    const failure = planted.take('seat', operationOf(request))
    return failure && answerFailure(settings, reply, failure)
  })
  return request => {
    const session = sessions.get(request)
    if (!session) throw new Error('a route without its guard')
    return session
  }
}

/** The operationName; of a GET the path. */
function operationOf({ method, url, body }: FastifyRequest): string {
  if (method === 'GET') return url.split('?', 1)[0] ?? url
  return String((body as { operationName?: unknown } | null)?.operationName)
}
