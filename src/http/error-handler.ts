import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { MediatorError } from '../domain/errors.ts'
import { traceOf } from '../lib/trace.ts'
import { plainly } from '../lib/zod-words.ts'
import { sendRefusal } from './envelope.ts'

/** The only place where an error becomes an HTTP answer. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(() => {
    throw unknownPath()
  })
  // Before the body is read: it is of no interest here, whatever it is.
  app.addHook('onRequest', (request, _reply, done) => done(request.is404 ? unknownPath() : undefined))
}

/** Also for what never gets as far as a route, such as an address that cannot be decoded. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Closed at once, the connection would break under a caller who is still writing, and the answer would be lost.
  if (error.statusCode === 413) reply.removeHeader('connection')
  return refuse(request, reply, asRefusal(error))
}

/** The path is not repeated: what was put into the wrong place may be a secret. */
function unknownPath(): MediatorError {
  return new MediatorError('NOT_FOUND', 'there is nothing at this address; /docs lists what there is')
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: MediatorError): FastifyReply {
  const about = { method: request.method, route: request.routeOptions.url, code: error.code }
  const mistake = mistakeBehind(error)
  const level = mistake || WORTH_A_LOOK.has(error.code) ? 'warn' : 'info'
  if (error.code === 'UNEXPECTED') request.log.error({ ...about, trace: traceOf(error.cause) }, 'refused')
  else request.log[level]({ ...about, reason: mistake?.message ?? logged(error) }, 'refused')
  return sendRefusal(reply, error)
}

/** What an operator has to mend, where the answer says only what a client may hear. */
function mistakeBehind({ cause }: MediatorError): MediatorError | undefined {
  return cause instanceof MediatorError && cause.code === 'MISCONFIGURED' ? cause : undefined
}

/** An operator is to see these: somebody without a right, a store that is away or full, a flow that fits no route. */
const WORTH_A_LOOK: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'STORE_UNAVAILABLE', 'UNKNOWN_DEPARTMENT'])

const QUOTING: ReadonlySet<string> = new Set(['INVALID', 'NOT_FOUND', 'CLOSED_HOURS'])

/** What a caller sent may stand in these texts; it is for the caller, not for the log. */
function logged({ code, message }: MediatorError): string | undefined {
  return QUOTING.has(code) ? undefined : message
}

function asRefusal(error: FastifyError): MediatorError {
  if (error instanceof MediatorError) return error
  if (hasZodFastifySchemaValidationErrors(error))
    return new MediatorError('INVALID', explain(error.validation))
  if (error.statusCode === 413) return new MediatorError('TOO_LARGE', 'the body is larger than allowed here')
  if (error.code === 'FST_ERR_BAD_URL') return new MediatorError('INVALID', 'the address cannot be decoded')
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new MediatorError('INVALID', shorten(error.message))
  return new MediatorError('UNEXPECTED', 'an internal error; the request was not carried out', {
    cause: error,
  })
}

function explain(issues: { instancePath: string; message?: string }[]): string {
  const lines = issues.map(({ instancePath, message = '' }) => {
    const key = instancePath.split('/').filter(Boolean).join('.')
    return key ? `${key}: ${plainly(message)}` : message
  })
  return shorten(lines.join('; '))
}

/** Answers are kept small by those who get them; what was sent can be of any length. */
const MOST_SHOWN = 500

function shorten(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text
}
