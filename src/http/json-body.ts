import type { FastifyInstance } from 'fastify'
import { MediatorError } from '../domain/errors.ts'

const JSON_TYPE = 'application/json'

/** Flow authors can delete the content type, so every body is read as JSON, whatever it says it is. */
export function readEveryBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // One that is no media type at all ("json") would be refused before any parser is asked.
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (raw.headers['content-type'] !== undefined) raw.headers['content-type'] = JSON_TYPE
    done()
  })
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    try {
      done(null, JSON.parse(text as string))
    } catch {
      done(new MediatorError('INVALID', 'the body is not JSON') as never)
    }
  })
}
