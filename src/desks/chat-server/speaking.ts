import { MediatorError } from '../../domain/errors.ts'
import { isRefusal } from './acks.ts'
import type { Line } from './line.ts'

/** No acknowledgement of `sendMessage` is documented, so after this long without one it counts as sent, in ms. */
const ACKNOWLEDGED_MS = 1_000

/**
 * Says something in a conversation we have joined. Throws REJECTED when the server acknowledges with an error, UNREACHABLE
 * when the line is lost before anything is known: then it may have been said.
 */
export async function say(line: Line, message: unknown): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lose = () => reject(new MediatorError('UNREACHABLE', 'the connection broke while a message was sent'))
  const timer = setTimeout(resolve, ACKNOWLEDGED_MS)
  line.closed.addEventListener('abort', lose, { once: true })
  line.emit('sendMessage', message, answer => {
    if (isRefusal(answer)) reject(new MediatorError('REJECTED', 'the chat server refuses the message'))
    else resolve()
  })
  return promise.finally(() => {
    clearTimeout(timer)
    line.closed.removeEventListener('abort', lose)
  })
}

/** Ends a conversation, and waits for `over` up to `ms`. Throws UNREACHABLE when the line is lost before. */
export async function finish(line: Line, conversation: string, over: AbortSignal, ms: number): Promise<void> {
  line.emit('endConversation', { conversationId: conversation })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lose = () =>
    reject(new MediatorError('UNREACHABLE', 'the connection broke while a conversation was ended'))
  const timer = setTimeout(resolve, ms)
  const done = () => resolve()
  over.addEventListener('abort', done, { once: true })
  line.closed.addEventListener('abort', lose, { once: true })
  return promise.finally(() => {
    clearTimeout(timer)
    over.removeEventListener('abort', done)
    line.closed.removeEventListener('abort', lose)
  })
}
