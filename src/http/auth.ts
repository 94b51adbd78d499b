import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { MediatorError } from '../domain/errors.ts'
import { createSecretCheck } from '../lib/secret.ts'

/** Whether a request carries one of the API tokens. `tokens` undefined: no tokens are asked for. */
export type TokenCheck = (request: FastifyRequest) => boolean

export function createTokenCheck(tokens: string[] | undefined): TokenCheck {
  if (tokens === undefined) return () => true
  const checks = tokens.map(createSecretCheck)
  return request => {
    const given = tokenOf(request)
    // All are compared, so that the time taken says nothing about which one it was.
    return checks.filter(isToken => isToken(given)).length > 0
  }
}

/** A hook for routes that only API tokens open; runs before the body is read. */
export function requireToken(check: TokenCheck): onRequestHookHandler {
  return (request, _reply, done) => done(check(request) ? undefined : unauthorized())
}

function unauthorized(): MediatorError {
  return new MediatorError('UNAUTHORIZED', 'send "Authorization: Token <token>" with one of the API_TOKENS')
}

/** The token a request brings, whether it is one of ours or not. */
export function tokenOf(request: FastifyRequest): string | undefined {
  return /^(?:token|bearer)\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
}
