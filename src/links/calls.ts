import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { MediatorError } from '../domain/errors.ts'
import type { Call } from '../lib/call.ts'
import type { Clock } from '../lib/clock.ts'
import type { LinkLease, LinkStore } from '../store/link-store.ts'
import { fromFailure, type LineReply, type Question, readReply } from './line.ts'
import { callChannel, replyChannel } from './names.ts'

/** Calls of this replica to links that others run. */
export type Calls = {
  ask(lease: LinkLease, question: unknown, call: Call, timeoutMs: number): Promise<unknown>
  close(): Promise<void>
}

/** Who does not take a call up by then is dead, paused, or has just lost the link, in ms. */
const TAKEN_UP_MS = 3_000

type Pending = { settle(reply: LineReply): void }

export function createCalls(store: LinkStore, replica: string, clock: Clock, log: Logger): Calls {
  const pending = new Map<string, Pending>()
  let ears: Promise<() => Promise<void>> | undefined

  return {
    async ask(lease, question, call, timeoutMs) {
      await listen()
      const id = randomUUID()
      const answer = wait(id, lease.link, call.signal, timeoutMs)
      const asked: Question = {
        id,
        from: replica,
        question,
        attempt: call.attempt,
        until: clock.now() + TAKEN_UP_MS,
        timeoutMs,
      }
      store.tell(callChannel(lease), JSON.stringify(asked)).catch(cause => drop(id, cause))
      return answer
    },
    async close() {
      const deafen = await ears?.catch(() => undefined)
      await deafen?.()
    },
  }

  /** Begun with the first call; tried again with the next one when the store was away. */
  async function listen(): Promise<void> {
    ears ??= store.hear(replyChannel(replica), hear)
    await ears.catch(cause => {
      ears = undefined
      throw cause
    })
  }

  function hear(text: string): void {
    const reply = readReply(text)
    if (reply) pending.get(reply.id)?.settle(reply)
    else log.error('a replica answers what this version does not understand')
  }

  function drop(id: string, cause: unknown): void {
    const { code, message } = cause as MediatorError
    pending.get(id)?.settle({ id, kind: 'failed', code, message })
  }

  function wait(id: string, link: string, signal: AbortSignal, timeoutMs: number): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const giveUp = () => reject(new MediatorError('TIMEOUT', `the link ${link} did not answer in time`))
    const late = setTimeout(giveUp, timeoutMs)
    const untaken = setTimeout(() => reject(notTaken(link)), Math.min(TAKEN_UP_MS, timeoutMs))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    pending.set(id, {
      settle(reply) {
        clearTimeout(untaken)
        if (reply.kind === 'done') resolve(reply.answer)
        if (reply.kind === 'failed') reject(fromFailure(reply))
      },
    })
    return promise.finally(() => {
      pending.delete(id)
      clearTimeout(late)
      clearTimeout(untaken)
      signal.removeEventListener('abort', giveUp)
    })
  }
}

function notTaken(link: string): MediatorError {
  return new MediatorError('UNREACHABLE', `the replica that runs the link ${link} does not take calls`)
}
