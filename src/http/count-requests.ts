import type { FastifyInstance } from 'fastify'

/** Told of every answered request. `route` is the pattern; empty where there is none. `desk` is as the caller wrote it. */
export type CountRequest = (what: { method: string; route: string; desk: string; status: number }) => void

/** So that what is refused is seen even where nobody reads the log. */
export function countRequests(app: FastifyInstance, count: CountRequest): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { desk = '' } = (request.params ?? {}) as { desk?: string }
    count({ method: request.method, route: request.routeOptions.url ?? '', desk, status: reply.statusCode })
    done()
  })
}
