import { MediatorError } from '../../domain/errors.ts'
import { isRefusal } from './acks.ts'
import type { Line } from './line.ts'

/** Whether we have joined a conversation on the present connection. Every new connection begins outside. */
export type Membership = {
  /** Joins on this connection. */
  enter(line: Line): void
  state(): State['name']
  /** The connection is gone. */
  leave(): void
  /** Something was heard that only members hear. */
  confirm(): void
  /**
   * The line on which something may be said. Throws UNREACHABLE when there is none within `ms`, or once the signal aborts,
   * and CONVERSATION_GONE once the server has left all attempts unanswered.
   */
  whenIn(ms: number, signal: AbortSignal): Promise<Line>
}

export type MembershipKit = {
  /** What `joinConversation` is emitted with. */
  payload: { conversationId: string; id: string; name: string }
  timeoutMs: number
  onJoined(): void
  /** The server did not confirm on a connection that stood all the time: it does not know the conversation. */
  onLost(): void
}

const ATTEMPTS = 3
/** Between a refusal and the next attempt, at most, in ms. */
const AFTER_REFUSAL_MS = 1_000

/** `lost`: all attempts on this connection were in vain. */
type State = { name: 'out' | 'lost' } | { name: 'entering' | 'in'; line: Line }

/** Joined is who gets an acknowledgement, or hears anything of the conversation [I]: none of them is sure to come. */
export function createMembership({ payload, timeoutMs, onJoined, onLost }: MembershipKit): Membership {
  let state: State = { name: 'out' }
  let timer: NodeJS.Timeout | undefined
  let waiting: (() => void)[] = []

  return {
    state: () => state.name,
    enter(line) {
      become({ name: 'entering', line })
      knock(line, 1)
    },
    leave: () => become({ name: 'out' }),
    confirm() {
      if (state.name === 'entering') join(state.line)
    },
    whenIn,
  }

  function become(next: State): void {
    clearTimeout(timer)
    state = next
    for (const look of waiting) look()
  }

  function knock(line: Line, attempt: number): void {
    if (line.closed.aborted) return
    const again = () => (attempt < ATTEMPTS ? knock(line, attempt + 1) : giveUp())
    timer = setTimeout(again, timeoutMs)
    line.emit('joinConversation', payload, answer => {
      if (state.name !== 'entering' || state.line !== line) return
      if (!isRefusal(answer)) return join(line)
      clearTimeout(timer)
      timer = setTimeout(again, Math.min(AFTER_REFUSAL_MS, timeoutMs))
    })
  }

  function join(line: Line): void {
    become({ name: 'in', line })
    onJoined()
  }

  function giveUp(): void {
    become({ name: 'lost' })
    onLost()
  }

  async function whenIn(ms: number, signal: AbortSignal): Promise<Line> {
    const { promise, resolve, reject } = Promise.withResolvers<Line>()
    const look = (): void => {
      if (state.name === 'in') resolve(state.line)
      if (state.name === 'lost')
        reject(new MediatorError('CONVERSATION_GONE', 'the chat server does not know the conversation'))
    }
    const tooLate = () =>
      reject(new MediatorError('UNREACHABLE', 'the conversation is not joined at the moment'))
    const late = setTimeout(tooLate, ms)
    if (signal.aborted) tooLate()
    signal.addEventListener('abort', tooLate, { once: true })
    waiting.push(look)
    look()
    return promise.finally(() => {
      clearTimeout(late)
      signal.removeEventListener('abort', tooLate)
      waiting = waiting.filter(one => one !== look)
    })
  }
}
