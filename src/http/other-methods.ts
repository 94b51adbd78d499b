import type { FastifyInstance, HTTPMethods } from 'fastify'
import { MediatorError } from '../domain/errors.ts'

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** Watches the routes that are added; the returned function answers their other methods with 405 and what is allowed. */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>()
  let watching = true
  app.addHook('onRoute', ({ url, method }) => {
    if (!watching) return
    const methods = known.get(url) ?? new Set()
    known.set(url, methods)
    for (const one of [method].flat()) methods.add(one)
  })
  return () => {
    watching = false
    for (const [url, methods] of known) refuse(app, url, methods)
  }
}

function refuse(app: FastifyInstance, url: string, allowed: Set<string>): void {
  const rest = METHODS.filter(method => !allowed.has(method))
  const allow = [...allowed].join(', ')
  if (url.includes('*') || rest.length === 0) return
  app.route({
    method: rest,
    url,
    schema: { hide: true } as object,
    onRequest: async ({ method }, reply) => {
      reply.header('allow', allow)
      throw new MediatorError('METHOD_NOT_ALLOWED', `${method} is not for this path; allowed: ${allow}`)
    },
    handler: () => undefined,
  })
}
