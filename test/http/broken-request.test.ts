import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { answerBrokenRequest } from '../../src/http/broken-request.ts'

/** What a caller reads whose request went wrong in this way. */
async function answerTo(code: string): Promise<string> {
  const server = createServer(socket => answerBrokenRequest(Object.assign(new Error('x'), { code }), socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let read = ''
  for await (const chunk of socket) read += String(chunk)
  await new Promise(resolve => server.close(resolve))
  return read
}

it.each([
  ['HPE_INVALID_METHOD', '400 Bad Request', 'invalid', 'no readable HTTP'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large', 'too-large', 'headers'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout', 'invalid', 'not come to its end in time'],
])('a request that is %s is answered %s, in the usual form', async (code, line, word, msg) => {
  const [head = '', body = ''] = (await answerTo(code)).split('\r\n\r\n')
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${line}`)
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
  const said = JSON.parse(body)
  expect(said).toEqual({
    status_code: Number(line.slice(0, 3)),
    status: word,
    msg: expect.stringContaining(msg),
  })
})
