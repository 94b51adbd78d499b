import { describe, expect, test } from 'vitest'
import { type Answer, readAnswer, toError } from '../../../src/desks/genesys/answer.ts'
import type { Reply } from '../../../src/lib/http-door.ts'

function reply(status: number, body: unknown): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: {},
    bytes: Buffer.from(text),
    json() {
      try {
        return JSON.parse(text)
      } catch {
        return undefined
      }
    },
  }
}

const read = (status: number, body: unknown): Answer => readAnswer(reply(status, body))

describe('success, in each dialect', () => {
  test.each([
    ['a code of 0', { statusCode: 0, id: 'x' }],
    ['a code of 0 as a word', { statusCode: '0' }],
    ['status ok', { status: 'ok' }],
    ['status 0', { status: 0 }],
    ['status 0 as a word', { status: '0' }],
    ['nothing at all', ''],
    ['only white space', ' \n'],
  ])('%s', (_, body) => {
    expect(read(200, body)).toEqual({ ok: true, body: typeof body === 'string' ? {} : expect.anything() })
  })

  test('what came with it is kept', () => {
    expect(read(200, { statusCode: 0, referenceId: 7 })).toMatchObject({ body: { referenceId: 7 } })
  })

  test('a code counts before a status', () => {
    expect(read(200, { statusCode: 0, status: 'error' }).ok).toBe(true)
    expect(read(200, { statusCode: 4, status: 'ok' }).ok).toBe(false)
  })
})

describe('failure, in each dialect', () => {
  test.each([
    [
      'status error',
      200,
      { status: 'error', errorDescription: 'no agent' },
      { status: 409, msg: 'no agent' },
    ],
    ['another status', 200, { status: 1 }, { status: 409 }],
    ['JSON of another kind', 200, { id: 'x' }, { status: 502, msg: 'unrecognised answer' }],
    ['a list', 200, [{ statusCode: 0 }], { status: 502, msg: 'unrecognised answer' }],
    ['a page of a proxy', 200, '<html>hello</html>', { status: 502, msg: 'unrecognised answer' }],
    ['success with an HTTP error', 500, { statusCode: 0 }, { status: 502 }],
    ['a code with an HTTP error', 500, { statusCode: 6, statusMessage: 'gone' }, { status: 404, code: 6 }],
    ['a page with an HTTP error', 502, '<html>bad gateway</html>', { status: 502 }],
    ['nothing with an HTTP error', 404, '', { status: 404 }],
    ['401 without JSON', 401, 'Unauthorized', { status: 401 }],
    ['a strange HTTP error', 418, '', { status: 400 }],
    ['a refused token', 403, 'Missing or invalid Csrf token', { status: 403, csrf: true }],
  ])('%s', (_, status, body, expected) => {
    expect(read(status, body)).toMatchObject({ ok: false, ...expected })
  })

  test('not every 403 is about a token', () => {
    expect(read(403, 'Forbidden')).not.toHaveProperty('csrf')
    expect(read(403, { statusCode: 3, statusMessage: 'csrf' })).not.toHaveProperty('csrf')
  })

  test('of a page only the beginning is kept', () => {
    const answer = read(502, 'x'.repeat(100_000))
    expect(String((answer as { body: unknown }).body).length).toBe(500)
  })
})

describe('each code', () => {
  test.each([
    [1, 400, 'REJECTED'],
    [2, 409, 'REJECTED'],
    [3, 403, 'REJECTED'],
    [4, 502, 'UNREACHABLE'],
    [5, 403, 'REJECTED'],
    [6, 404, 'CONVERSATION_GONE'],
    [7, 502, 'UNEXPECTED'],
    [8, 401, 'MISCONFIGURED'],
    [9, 502, 'UNREACHABLE'],
    [10, 400, 'REJECTED'],
    [11, 400, 'REJECTED'],
    [12, 502, 'UNREACHABLE'],
    [13, 502, 'UNREACHABLE'],
    [14, 502, 'UNREACHABLE'],
    [15, 502, 'UNREACHABLE'],
    [16, 502, 'UNREACHABLE'],
    [17, 502, 'UNREACHABLE'],
    [18, 409, 'REJECTED'],
    [19, 409, 'REJECTED'],
    [20, 401, 'MISCONFIGURED'],
    [99, 502, 'UNEXPECTED'],
  ])('%i', (statusCode, status, code) => {
    const answer = read(200, { statusCode, statusMessage: 'a word of the client' })
    if (answer.ok) throw new Error('no failure')
    expect(answer).toMatchObject({ status, code: statusCode, msg: 'a word of the client' })
    const error = toError(answer, 'genesys Accept')
    expect(error.code).toBe(code)
    expect(error.message).toContain('genesys Accept')
    expect(error.message).toContain(`(${statusCode})`)
    expect(error.message).not.toContain('a word of the client')
  })

  test('without a message it has words of its own', () => {
    expect(read(200, { statusCode: 6 })).toMatchObject({ msg: 'not found (6)' })
  })
})

describe('the error of a failure without a code', () => {
  test.each([
    [200, { status: 'error' }, 'REJECTED'],
    [200, { id: 'x' }, 'UNEXPECTED'],
    [400, '', 'REJECTED'],
    [401, '', 'MISCONFIGURED'],
    [403, 'Forbidden', 'MISCONFIGURED'],
    [403, 'invalid CSRF token', 'UNREACHABLE'],
    [404, '<html>', 'MISCONFIGURED'],
    [409, '', 'REJECTED'],
    [502, '<html>', 'UNREACHABLE'],
  ])('%i %j: %s', (status, body, code) => {
    const answer = read(status, body)
    if (answer.ok) throw new Error('no failure')
    expect(toError(answer, 'here').code).toBe(code)
  })
})
