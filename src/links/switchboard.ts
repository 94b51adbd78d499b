import type { Logger } from 'pino'
import { MediatorError } from '../domain/errors.ts'
import type { Call } from '../lib/call.ts'
import type { Clock } from '../lib/clock.ts'
import type { LinkDoor } from '../lib/link-door.ts'
import type { LinkLease, LinkStore } from '../store/link-store.ts'
import { createCalls } from './calls.ts'
import { type Question, readQuestion, toFailure } from './line.ts'
import { callChannel, linkName, replyChannel } from './names.ts'

export type Handler = (question: unknown, call: Call) => Promise<unknown>

/** A link this replica runs now. */
export type Held = {
  lease: LinkLease
  log: Logger
  signal: AbortSignal
  /** False from the moment the right to it has run out, whether we have noticed or not. */
  isHeld(): boolean
  /** What the link has offered to answer calls with, if it has. */
  handler(): Handler | undefined
}

/** Brings calls for a link to wherever it runs. */
export type Switchboard = {
  doorOf(desk: string): LinkDoor
  /** Takes calls for it until the function it gives is called. Throws STORE_UNAVAILABLE. */
  connect(held: Held): Promise<() => Promise<void>>
  close(): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 7_000

export function createSwitchboard(store: LinkStore, replica: string, clock: Clock): Switchboard {
  const here = new Map<string, Held>()
  const calls = createCalls(store, replica, clock)

  return {
    doorOf: desk => ({
      ask: (name, question, call, timeoutMs = DEFAULT_TIMEOUT_MS) =>
        ask(linkName(desk, name), question, call, timeoutMs),
    }),
    async connect(held) {
      const { link } = held.lease
      const deafen = await store.hear(callChannel(held.lease), text => void takeUp(held, readQuestion(text)))
      here.set(link, held)
      return async () => {
        if (here.get(link) === held) here.delete(link)
        await deafen()
      }
    },
    close: calls.close,
  }

  async function ask(link: string, question: unknown, call: Call, timeoutMs: number): Promise<unknown> {
    const held = here.get(link)
    if (held) return carryOut(held, question, call, timeoutMs)
    const lease = await store.holderOfLink(link, clock.now())
    if (!lease || lease.holder === replica)
      throw new MediatorError('UNREACHABLE', `no replica runs the link ${link} at the moment`)
    return calls.ask(lease, question, call, timeoutMs)
  }

  /** A question from another replica. Too late: it may have been asked elsewhere by now. */
  async function takeUp(
    held: Held,
    { id, from, question, attempt, until, timeoutMs }: Question,
  ): Promise<void> {
    if (clock.now() > until || !held.isHeld()) return
    const reply = (text: object) => store.tell(replyChannel(from), JSON.stringify(text))
    const { log, signal } = held
    try {
      await reply({ id, kind: 'taken' })
      const answer = await carryOut(held, question, { log, signal, attempt }, timeoutMs)
      await reply({ id, kind: 'done', answer })
    } catch (error) {
      await reply(toFailure(id, error)).catch(() => log.warn('could not say what became of a call'))
    }
  }
}

async function carryOut(held: Held, question: unknown, call: Call, timeoutMs: number): Promise<unknown> {
  const handler = held.isHeld() ? held.handler() : undefined
  if (!handler) throw new MediatorError('UNREACHABLE', `the link ${held.lease.link} is not up`)
  const signal = AbortSignal.any([call.signal, held.signal, AbortSignal.timeout(timeoutMs)])
  return Promise.race([handler(question, { ...call, signal }), whenAborted(signal, held.lease.link)])
}

/** A handler that does not mind its signal must not keep the caller. */
function whenAborted(signal: AbortSignal, link: string): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new MediatorError('TIMEOUT', `the link ${link} did not answer in time`))
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  return promise
}
