import { z } from 'zod'
import type { TypedApp } from '../typed-app.ts'

export type ProbeDoor = {
  /** Rejects when the service cannot do its work now. */
  ready(): Promise<void>
  /** The state of each link of the desks, by its name. A link that is down does not stop messages from being taken. */
  links(): Record<string, string>
  metrics(): Promise<{ contentType: string; text: string }>
}

const tags = ['operations']
const state = z.object({
  status: z.string(),
  reason: z.string().optional(),
  links: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'Per link: connecting, connected, reconnecting, elsewhere (on another replica), bad-credentials',
    ),
})

export function addHealthRoutes(app: TypedApp, door: ProbeDoor): void {
  app.get(
    '/health/live',
    { schema: { summary: 'The process runs', tags, response: { 200: state } } },
    async () => ({ status: 'live' }),
  )
  app.get(
    '/health/ready',
    { schema: { summary: 'Messages can be taken', tags, response: { 200: state, 503: state } } },
    async (_request, reply) => {
      try {
        await door.ready()
        return { status: 'ready', ...linksOf(door) }
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown'
        return reply.code(503).send({ status: 'not-ready', reason, ...linksOf(door) })
      }
    },
  )
  app.get(
    '/metrics',
    {
      schema: { summary: 'Prometheus metrics', tags, response: { 200: z.string() } },
      serializerCompiler: () => data => data,
    },
    async (_request, reply) => {
      const { contentType, text } = await door.metrics()
      return reply.type(contentType).send(text)
    },
  )
}

function linksOf(door: ProbeDoor): { links?: Record<string, string> } {
  const links = door.links()
  return Object.keys(links).length > 0 ? { links } : {}
}
