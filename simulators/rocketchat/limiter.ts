import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WorkspaceCore } from './workspace.ts'

type Bucket = { calls: number; resetAt: number }

/**
 * The vendor's REST limiter: one fixed window per source address, route pattern and method. Adds the
 * `X-RateLimit-*` headers (reset in epoch milliseconds) and answers 429 without running the handler.
 */
export function installLimiter(app: FastifyInstance, workspace: WorkspaceCore): void {
  const buckets = new Map<string, Bucket>()
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = isLimited(workspace, request) ? count(workspace, buckets, request, reply) : undefined
    if (refusal) reply.code(429).send(refusal)
    else done()
  })
}

function isLimited({ settings, traits, bot }: WorkspaceCore, request: FastifyRequest): boolean {
  if (!settings.API_Enable_Rate_Limiter || !request.routeOptions.url?.startsWith('/api/v1')) return false
  const isBot =
    request.headers['x-user-id'] === bot.userId && request.headers['x-auth-token'] === bot.authToken
  const readsLogin = traits.loginLiftsLimits || request.routeOptions.config.login === true
  return !(isBot && readsLogin)
}

function count(
  workspace: WorkspaceCore,
  buckets: Map<string, Bucket>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const limit = limitOf(workspace, request)
  const bucket = currentBucket(workspace, buckets, keyOf(request))
  bucket.calls += 1
  reply.headers({
    'X-RateLimit-Limit': limit,
    'X-RateLimit-Remaining': Math.max(0, limit - bucket.calls),
    'X-RateLimit-Reset': bucket.resetAt,
  })
  return bucket.calls > limit ? tooManyRequests(bucket.resetAt - workspace.now()) : undefined
}

function limitOf({ settings, traits }: WorkspaceCore, request: FastifyRequest): number {
  const wired = traits.hardWiredLimits ? request.routeOptions.config.limit : undefined
  return wired ?? settings.API_Enable_Rate_Limiter_Limit_Calls_Default
}

function currentBucket({ now, settings }: WorkspaceCore, buckets: Map<string, Bucket>, key: string): Bucket {
  const known = buckets.get(key)
  if (known && known.resetAt > now()) return known
  const fresh = { calls: 0, resetAt: now() + settings.API_Enable_Rate_Limiter_Limit_Time_Default }
  buckets.set(key, fresh)
  return fresh
}

function keyOf(request: FastifyRequest): string {
  const address = request.headers['x-real-ip'] ?? request.socket.remoteAddress
  return `${address} ${request.method} ${request.routeOptions.url}`
}

/** The body of a 429 that lasts `resetMs`. */
export function tooManyRequests(resetMs: number): { success: false; error: string } {
  const wait = `You must wait ${Math.ceil(resetMs / 1000)} seconds before trying this endpoint again.`
  const error = `Error, too many requests. Please slow down. ${wait} [error-too-many-requests]`
  return { success: false, error }
}
