import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Asker } from '../mediator/replay.ts'
import { tokenOf } from './auth.ts'

/** Who asks, for the log. */
export type FindAsker = (request: FastifyRequest) => Asker

/** The start of the token's SHA-256, which `printf %s "$TOKEN" | sha256sum` shows too; 'nobody' where no tokens are asked for. */
export function createFindAsker(tokens: string[] | undefined): FindAsker {
  return request => {
    const token = tokens && tokenOf(request)
    return { who: token === undefined ? 'nobody' : hash('sha256', token).slice(0, 8), reqId: request.id }
  }
}
