import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MediatorError } from '../domain/errors.ts'

const JSON_TYPE = 'application/json'

const texts = new WeakMap<FastifyRequest, string>()

/** The body as it came. */
export function textOf(request: FastifyRequest): string {
  return texts.get(request) ?? ''
}

/** Flow authors can delete the content type, so every body is read as JSON, whatever it says it is. */
export function readEveryBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // One that is no media type at all ("json") would be refused before any parser is asked.
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (raw.headers['content-type'] !== undefined) raw.headers['content-type'] = JSON_TYPE
    done()
  })
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined)
    texts.set(request, text as string)
    try {
      done(null, JSON.parse(text as string))
    } catch {
      done(new MediatorError('INVALID', 'the body is not JSON') as never)
    }
  })
}
