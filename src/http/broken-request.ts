import type { Socket } from 'node:net'

type Refusal = [status: number, phrase: string, word: string, msg: string]

const UNREADABLE: Refusal = [400, 'Bad Request', 'invalid', 'the request is no readable HTTP']
const REFUSALS: Partial<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'too-large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    'Request Timeout',
    'invalid',
    'the request has not come to its end in time',
  ],
}

/** What is no HTTP never reaches a route, but is answered in the same form. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error)
  const [status, phrase, word, msg] = REFUSALS[error.code ?? ''] ?? UNREADABLE
  const body = JSON.stringify({ status_code: status, status: word, msg })
  const head = `HTTP/1.1 ${status} ${phrase}\r\ncontent-type: application/json\r\nconnection: close`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
