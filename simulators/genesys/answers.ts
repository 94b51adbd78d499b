import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from './planted.ts'
import { httpStatusOf, type Refusal } from './refusal.ts'
import { readError } from './server.ts'
import type { Settings } from './settings.ts'

type Body = Record<string, unknown>

export function httpStatusFor(settings: Settings, code: number, fixed?: number): number {
  return fixed ?? (settings.errorStatus === 'mapped' ? httpStatusOf(code) : 200)
}

/** Answers whatever a handler of GWS threw in dialect A. */
export function createErrorHandler(settings: Settings) {
  return (error: FastifyError | Refusal, _request: FastifyRequest, reply: FastifyReply) => {
    const { code, http, text } = readError(error)
    reply.code(httpStatusFor(settings, code, http)).send({ statusCode: code, statusMessage: text })
  }
}

export function answerCsrf(reply: FastifyReply): FastifyReply {
  return reply.code(403).type('text/plain').send('Missing or invalid Csrf token')
}

/** Answers as the planted failure says. `more` is what every failure of this API carries. */
export function answerFailure(
  settings: Settings,
  reply: FastifyReply,
  { answer, http }: Failure,
  more: Body = {},
): FastifyReply {
  if (answer === 'http403csrf') return answerCsrf(reply)
  if (answer === 'html502') return reply.code(502).type('text/html').send(badGatewayPage)
  const code = typeof answer.statusCode === 'number' ? answer.statusCode : undefined
  const status = http ?? (code === undefined ? 200 : httpStatusFor(settings, code))
  return reply.code(status).send({ ...more, ...answer })
}

const badGatewayPage = '<html><body><h1>502 Bad Gateway</h1></body></html>'
