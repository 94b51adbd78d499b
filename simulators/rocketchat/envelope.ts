import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Traits } from './profiles.ts'

type Body = Record<string, unknown>

/** A refusal in the vendor's words. `body` makes the answer of a release; the status is 400 if not said. */
export class Refusal extends Error {
  readonly status: number
  readonly body: (traits: Traits) => Body

  constructor(message: string, body: (traits: Traits) => Body, status = 400) {
    super(message)
    this.status = status
    this.body = body
  }
}

/** A plain error thrown by a handler: only its text comes through. */
export function refusePlainly(code: string): Refusal {
  return new Refusal(code, traits =>
    traits.errorObjects ? errorObject(code) : { success: false, error: code },
  )
}

/** A coded error: `<reason> [<code>]` and `errorType`; `details` where the vendor gives them. */
export function refuseWithCode(code: string, reason?: string, details?: Body): Refusal {
  const error = reason ? `${reason} [${code}]` : `[${code}]`
  const coded = { success: false, error, errorType: code, ...(details && { details }) }
  return new Refusal(error, traits => (traits.errorObjects ? errorObject(code, reason) : coded))
}

/** 4.0–5.1 put the error object itself into the answer (RocketChat/Rocket.Chat#13995). */
function errorObject(code: string, reason?: string): Body {
  const message = reason ? `${reason} [${code}]` : `[${code}]`
  const said = reason ? { reason, message } : { message }
  return { isClientSafe: true, error: code, ...said, errorType: 'Meteor.Error', success: false }
}

/** Refused without a reason. */
export function refuseSilently(): Refusal {
  return new Refusal('failure', () => ({ success: false }))
}

/** An upload that may not be: `reason`, not `error`. */
export function refuseUpload(reason: string, more: Body = {}): Refusal {
  return new Refusal(reason, () => ({ success: false, reason, ...more }))
}

export function refuseVisitor(): Refusal {
  return new Refusal('unauthorized', () => ({ success: false, error: 'unauthorized' }), 403)
}

export function refuseAnonymous(): Refusal {
  const message = 'You must be logged in to do this.'
  const old = { status: 'error', message }
  return new Refusal(
    message,
    ({ modern }) => (modern ? { success: false, error: message, ...old } : old),
    401,
  )
}

/** A failed type check of the vendor's `check()`, e.g. `Missing key 'token' in field visitor`. */
export function refuseMatch(problem: string): Refusal {
  const message = `Match error: ${problem}`
  const sanitizedError = { isClientSafe: true, error: 400, reason: 'Match failed', errorType: 'Meteor.Error' }
  const asObject = { message, path: '', sanitizedError, errorType: 'Match.Error', success: false }
  return new Refusal(message, traits => (traits.errorObjects ? asObject : { success: false, error: message }))
}

/** The success envelope: `success` merged into the answer. */
export function succeed<Answer extends object>(answer: Answer): Answer & { success: true } {
  return { ...answer, success: true }
}

type SchemaProblem = {
  message?: string
  keyword: string
  instancePath: string
  params: Record<string, unknown>
}

/** Answers whatever a handler threw, or a schema refused, the way the release does. */
export function createErrorHandler(traits: Traits) {
  return (error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(error.body(traits))
    if (error.validation) return reply.code(400).send(schemaAnswer(traits, request, error.validation))
    if (error.statusCode && error.statusCode < 500)
      return reply.code(400).send({ success: false, error: error.message })
    return reply.code(500).type('text/html').send('Server error.')
  }
}

function schemaAnswer(traits: Traits, request: FastifyRequest, problems: SchemaProblem[]): Body {
  if (traits.errorObjects) return refuseMatch(matchProblem(problems[0])).body(traits)
  const messages = problems.map(problem => problem.message).join('\n ')
  const isTyped = request.routeOptions.config.typed === true
  return {
    success: false,
    error: isTyped ? messages : `${messages} [invalid-params]`,
    errorType: 'invalid-params',
  }
}

function matchProblem(problem: SchemaProblem | undefined): string {
  if (problem?.keyword === 'required') return `Missing key '${problem.params.missingProperty}'`
  if (problem?.keyword === 'additionalProperties') return 'Unknown key'
  const field = problem?.instancePath.slice(1).replaceAll('/', '.')
  return `Expected ${problem?.params.type}${field ? ` in field ${field}` : ''}`
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** One of the newer typed routes, whose schema errors carry no code in brackets. */
    typed?: boolean
    /** Needs the headers of a logged-in user. */
    login?: boolean
    /** Calls per minute wired into the route, above the default setting. */
    limit?: number
  }
}
