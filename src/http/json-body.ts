import type { FastifyInstance } from 'fastify'
import { MediatorError } from '../domain/errors.ts'

/** Flow authors can delete the content type, so every body is read as JSON, whatever it says it is. */
export function readEveryBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    try {
      done(null, JSON.parse(text as string))
    } catch {
      done(new MediatorError('INVALID', 'the body is not JSON') as never)
    }
  })
}
