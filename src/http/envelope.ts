import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ErrorCode, MediatorError } from '../domain/errors.ts'
import type { Answer } from '../mediator/answer.ts'

/** The answer of every route but the day status, the health checks and the pages for people. */
export const envelope = z
  .looseObject({
    status_code: z.number().int().describe('The HTTP status, once more'),
    status: z.string().describe('One word for programs'),
    msg: z.string().describe('A text for a human'),
  })
  .meta({ id: 'Envelope', examples: [{ status_code: 200, status: 'success', msg: 'delivered to the desk' }] })

/** The statuses a route answers in the envelope, for its documentation. */
export function answers(...statuses: number[]): Record<number, typeof envelope> {
  return Object.fromEntries(statuses.map(status => [status, envelope]))
}

type Verdict = readonly [status: number, word: string]

const DONE: Record<Answer['word'], Verdict> = {
  success: [200, 'success'],
  queued: [202, 'queued'],
  ignored: [200, 'ignored'],
}

const REFUSED: Record<ErrorCode, Verdict> = {
  INVALID: [400, 'invalid'],
  UNAUTHORIZED: [401, 'unauthorized'],
  NOT_FOUND: [404, 'not-found'],
  METHOD_NOT_ALLOWED: [405, 'method-not-allowed'],
  TOO_LARGE: [413, 'too-large'],
  NO_SESSION: [404, 'no-session'],
  CLOSED_HOURS: [409, 'closed-hours'],
  NO_AGENT: [409, 'no-agent'],
  SESSION_CLOSED: [409, 'session-closed'],
  CONVERSATION_GONE: [409, 'session-closed'],
  UNKNOWN_DEPARTMENT: [422, 'unknown-department'],
  STILL_OPENING: [503, 'unavailable'],
  REJECTED: [502, 'unavailable'],
  MISCONFIGURED: [502, 'unavailable'],
  UNEXPECTED: [502, 'unavailable'],
  THROTTLED: [503, 'unavailable'],
  UNREACHABLE: [503, 'unavailable'],
  TIMEOUT: [503, 'unavailable'],
  STORE_UNAVAILABLE: [503, 'unavailable'],
  OVERLOADED: [503, 'unavailable'],
  FENCED: [503, 'unavailable'],
}

export function sendAnswer(reply: FastifyReply, { word, msg, extra }: Answer): FastifyReply {
  const [status_code, status] = DONE[word]
  return reply.code(status_code).send({ status_code, status, msg, ...extra })
}

/** Never with Retry-After: it would make RapidPro hold the contact and call again, whatever the status. */
export function sendRefusal(reply: FastifyReply, error: MediatorError): FastifyReply {
  const [status_code, status] = REFUSED[error.code]
  return reply.code(status_code).send({ status_code, status, msg: error.message, ...error.extra })
}
