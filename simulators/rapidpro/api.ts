import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authenticate } from './auth.ts'
import type { Lane } from './lane.ts'
import type { LoggedRequest } from './model.ts'
import type { Scope } from './profile.ts'
import { badQuery, notAllowed, type Refusal, unfit, unsupportedType } from './refusal.ts'
import type { Sender } from './sending.ts'
import type { Throttle } from './throttle.ts'
import { count, type Workspace } from './workspace.ts'

/** What the endpoints work with. */
export type Desk = { workspace: Workspace; sender: Sender; lane: Lane; throttle: Throttle }

/** One call to an endpoint. `body` is parsed JSON, or raw bytes where the endpoint takes a form. */
export type Call = {
  workspace: Workspace
  path: string
  query: Record<string, string>
  body: unknown
  contentType: string
}
export type Answer = { status: number; body?: unknown; after?: () => void }
type Handler = (call: Call) => Answer | Promise<Answer>
/** An endpoint of the API: `takes` says what its POST reads. */
export type Endpoint = { scope: Scope; takes?: 'json' | 'form'; get?: Handler; post?: Handler }

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Adds `/api/v2/<name>`, with and without `.json`. */
export function addEndpoint(app: FastifyInstance, desk: Desk, name: string, endpoint: Endpoint): void {
  const path = `/api/v2/${name}`
  for (const [url, suffixed] of [
    [path, false],
    [`${path}.json`, true],
  ] as const) {
    app.route({
      method: [...methods],
      url,
      onRequest: async (request, reply) => admit(desk, endpoint, request, reply),
      handler: (request, reply) => answer(desk, endpoint, suffixed, request, reply),
    })
  }
}

/** Order of Django REST Framework: who, how often, and only then whether the method exists. */
function admit(desk: Desk, endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): void {
  count(desk.workspace, 'requests')
  authenticate(request.headers.authorization, desk.workspace.token)
  reply.header('x-temba-org', '1')
  desk.throttle(endpoint.scope)
  const handler = request.method === 'GET' ? endpoint.get : request.method === 'POST' && endpoint.post
  if (!handler) throw notAllowed(request.method)
}

async function answer(
  desk: Desk,
  endpoint: Endpoint,
  suffixed: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  if (request.method === 'GET' && !suffixed) return reply.send([])
  const call = readCall(desk.workspace, endpoint, request)
  const handler = request.method === 'GET' ? endpoint.get : endpoint.post
  if (!handler) throw notAllowed(request.method)
  const { status, body, after } = await handler(call)
  // What the 201 sets going comes after it, as work that RapidPro queues does.
  if (after) reply.raw.once('close', after)
  return reply.code(status).send(body)
}

function readCall(workspace: Workspace, endpoint: Endpoint, request: FastifyRequest): Call {
  const contentType = request.headers['content-type'] ?? ''
  const call = {
    workspace,
    path: request.url.split('?', 1)[0] ?? '',
    query: readQuery(request.query),
    contentType,
  }
  if (request.method === 'GET') return { ...call, body: undefined }
  if (endpoint.takes === 'form') return { ...call, body: readForm(request.body, contentType) }
  const body = readJson(request.body, contentType)
  if (workspace.settings.suspended) throw unfit('Sorry, your workspace is currently suspended.')
  return { ...call, body }
}

function readQuery(query: unknown): Record<string, string> {
  const entries = Object.entries(query as Record<string, string | string[]>)
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? (value.at(-1) ?? '') : value]),
  )
}

function readForm(body: unknown, contentType: string): unknown {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(contentType)) {
    throw unsupportedType(contentType)
  }
  return body
}

function readJson(body: unknown, contentType: string): unknown {
  const text = Buffer.isBuffer(body) ? body.toString() : ''
  if (text === '') return {}
  if (!/^application\/json\s*(;|$)/i.test(contentType)) throw unsupportedType(contentType)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badQuery(`JSON parse error - ${error instanceof Error ? error.message : ''}`)
  }
}

/** Writes every request to the API into the log. Not used in fast mode. */
export function logRequest({ requests, now }: Workspace, request: FastifyRequest, status: number): void {
  const logged: LoggedRequest = {
    method: request.method,
    path: request.url,
    headers: request.headers,
    body: readLogged(request.body),
    status,
    at: now(),
  }
  requests.push(logged)
}

function readLogged(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return body
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.status).headers(refusal.headers).send(refusal.body)
}
