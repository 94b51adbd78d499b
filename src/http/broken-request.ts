import type { Socket } from 'node:net'

/** What is no HTTP never reaches a route, but is answered in the same form. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error)
  const [status, phrase, word] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large', 'too-large']
      : [400, 'Bad Request', 'invalid']
  const body = JSON.stringify({ status_code: status, status: word, msg: 'the request is no readable HTTP' })
  const head = `HTTP/1.1 ${status} ${phrase}\r\ncontent-type: application/json\r\nconnection: close`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
