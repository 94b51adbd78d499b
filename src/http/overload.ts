import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MediatorError } from '../domain/errors.ts'
import { type Memory, processMemory } from '../lib/memory.ts'
import type { ProbeDoor } from './routes/health.ts'

/** What is under way of the requests that bring work; bytes of their bodies. */
type Load = { requests: number; bytes: number }

export type OverloadLimits = { requests: number; bytes: number }

const MEBIBYTE = 1024 * 1024
/** Each may wait for 8 s; together with its body, its work and its timers one is some 20 KiB. */
const LIMITS: OverloadLimits = { requests: 4_000, bytes: 256 * MEBIBYTE }
/** Bytes of heap for each byte of a body: its text, which may take two for each, and what is read of it. */
const HEAP_FACTOR = 6

/**
 * Says 503 before the memory is exhausted, while it can still be said and before anything of the request is read. Only to
 * what brings work: whoever looks (health, metrics, the day status) is answered. While it lasts the service is not ready.
 */
export function refuseWhenOverloaded(
  app: FastifyInstance,
  probes: ProbeDoor,
  memory: Memory = processMemory,
  limits = LIMITS,
): ProbeDoor {
  const load: Load = { requests: 0, bytes: 0 }
  app.addHook('onRequest', (request, reply, done) => {
    if (!bringsWork(request)) return done()
    const bytes = announcedBytes(request)
    const reason = reasonAgainst(load, limits, memory, bytes)
    if (reason !== undefined) return done(overloaded(reason))
    load.requests += 1
    load.bytes += bytes
    reply.raw.once('close', () => {
      load.requests -= 1
      load.bytes -= bytes
    })
    done()
  })
  return {
    ...probes,
    async ready() {
      const reason = reasonAgainst(load, limits, memory, 0)
      if (reason !== undefined) throw overloaded(reason)
      await probes.ready()
    },
  }
}

function bringsWork({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
}

/** What is larger than the route allows is refused unread; what does not say how large it is may be as large as that. */
function announcedBytes({ headers, routeOptions }: FastifyRequest): number {
  const limit = routeOptions.bodyLimit ?? MEBIBYTE
  const announced =
    headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : limit
  return announced <= limit ? announced : 0
}

function reasonAgainst(
  load: Load,
  limits: OverloadLimits,
  memory: Memory,
  bytes: number,
): string | undefined {
  if (load.requests >= limits.requests) return `${load.requests} requests are under way`
  const together = load.bytes + bytes
  if (load.bytes > 0 && together > limits.bytes)
    return `bodies of ${Math.round(load.bytes / MEBIBYTE)} MiB are under way`
  return memory.tightness(together * HEAP_FACTOR)
}

function overloaded(reason: string): MediatorError {
  return new MediatorError(
    'OVERLOADED',
    `overloaded, nothing was taken: ${reason}; send it again a little later`,
  )
}
