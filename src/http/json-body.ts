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
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      const text = decode(bytes as Buffer)
      texts.set(request, text)
      done(null, text === '' ? undefined : parse(text))
    } catch (error) {
      done(error as never)
    }
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Letters of another encoding would be lost, and two ids become one, without anybody knowing. */
function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new MediatorError('INVALID', 'the body is not UTF-8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MediatorError('INVALID', 'the body is not JSON')
  }
}
