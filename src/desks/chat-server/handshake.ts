import { asMediatorError, MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Settings } from './settings.ts'

type Answer = { status: number; body: string }

/**
 * Why a handshake failed: MISCONFIGURED if waiting will not mend it. The libraries say it differently with each transport,
 * and sometimes not at all, so the server is asked once more, over plain HTTP.
 */
export async function explainFailure(
  settings: Settings,
  kit: Kit,
  cause: unknown,
  call: Call,
): Promise<MediatorError> {
  if (isLoginRefused(cause)) return misconfigured('the chat server refuses our login: check auth and headers')
  const answer = await askPlainly(settings, kit, call)
  if (answer instanceof MediatorError) return answer
  if (answer.status === 401 || answer.status === 403)
    return misconfigured(`the handshake is answered ${answer.status}: check headers, auth and url`)
  return explainAnswer(answer, settings)
}

function misconfigured(text: string): MediatorError {
  return new MediatorError('MISCONFIGURED', text)
}

/** A refusal by the server's own code: with release 4 an error with `data`, with release 2 a bare word. */
function isLoginRefused(cause: unknown): boolean {
  const said =
    typeof cause === 'string' ? cause : cause instanceof Error && 'data' in cause ? cause.message : ''
  return /auth|token|credential|forbidden|denied|permission|not allowed/i.test(said)
}

const PROBE_MS = 5_000

async function askPlainly(
  { url, path, socket_protocol, headers, auth }: Settings,
  kit: Kit,
  call: Call,
): Promise<Answer | MediatorError> {
  const query = new URLSearchParams({
    ...(socket_protocol === 2 && auth),
    EIO: socket_protocol === 4 ? '4' : '3',
    transport: 'polling',
  })
  try {
    const reply = await kit.http.send({
      method: 'GET',
      route: 'socket.io handshake',
      url: `${new URL(url).origin}${path}/?${query}`,
      headers,
      timeoutMs: PROBE_MS,
      accept: () => true,
      call,
    })
    return { status: reply.status, body: reply.bytes.toString('utf8', 0, 200) }
  } catch (error) {
    return asMediatorError(error)
  }
}

/** How each generation begins the answer to a handshake: release 2 writes the length before it. */
const GENERATIONS: [protocol: 4 | 2, begin: RegExp][] = [
  [4, /^0\{/],
  [2, /^\d+:0\{/],
]

function explainAnswer({ status, body }: Answer, { socket_protocol, path }: Settings): MediatorError {
  const spoken = GENERATIONS.find(([, begin]) => status === 200 && begin.test(body))?.[0]
  // Code 5: "Unsupported protocol version", said by servers of release 3 and later.
  const isTooOld = socket_protocol === 2 && status === 400 && /"code":\s*5\b/.test(body)
  const other = isTooOld ? 4 : spoken
  if (other === socket_protocol)
    return new MediatorError('UNREACHABLE', 'the chat server lets a plain handshake in, and not ours')
  if (other === undefined)
    return new MediatorError(
      'UNREACHABLE',
      `${path} answers ${status}, and no Socket.IO handshake: check url and path`,
    )
  return misconfigured(
    `the chat server speaks another generation of Socket.IO: write socket_protocol = ${other} in place of ${socket_protocol}`,
  )
}
