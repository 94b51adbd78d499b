import type { FastifyInstance } from 'fastify'

const EVERY_MS = 50

/** A kept connection that was busy when the end began would hold it up until it idles out, for more than a minute. */
export function hangUpWhenClosing(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const timer = setInterval(() => app.server.closeIdleConnections(), EVERY_MS)
    app.server.once('close', () => clearInterval(timer))
  })
}
