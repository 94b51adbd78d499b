import { setTimeout as wait } from 'node:timers/promises'
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
  /** Why the link is stopped for good, if it is. */
  refusal(): MediatorError | undefined
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
/** How long a call waits for a link that is between two replicas, or just being taken up, in ms. */
const COMES_UP_MS = 2_500
const LOOK_MS = 50

export function createSwitchboard(store: LinkStore, replica: string, clock: Clock, log: Logger): Switchboard {
  const here = new Map<string, Held>()
  const calls = createCalls(store, replica, clock, log)

  return {
    doorOf: desk => ({
      ask: (name, question, call, timeoutMs = DEFAULT_TIMEOUT_MS) =>
        ask(linkName(desk, name), question, call, timeoutMs),
    }),
    async connect(held) {
      const { link } = held.lease
      const deafen = await store.hear(callChannel(held.lease), text => hear(held, text))
      here.set(link, held)
      return async () => {
        if (here.get(link) === held) here.delete(link)
        await deafen()
      }
    },
    close: calls.close,
  }

  async function ask(link: string, question: unknown, call: Call, timeoutMs: number): Promise<unknown> {
    const until = clock.now() + COMES_UP_MS
    for (;;) {
      const held = here.get(link)
      if (held) return carryOut(held, question, call, timeoutMs)
      const lease = await store.holderOfLink(link, clock.now())
      if (lease && lease.holder !== replica) return calls.ask(lease, question, call, timeoutMs)
      if (clock.now() > until || call.signal.aborted) throw notUp(link)
      await wait(LOOK_MS)
    }
  }

  function hear(held: Held, text: string): void {
    const question = readQuestion(text)
    if (question) void takeUp(held, question)
    else log.error({ link: held.lease.link }, 'a replica asks what this version does not understand')
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
  const signal = AbortSignal.any([call.signal, held.signal, AbortSignal.timeout(timeoutMs)])
  const answering = handlerOf(held).then(handler => handler(question, { ...call, signal }))
  return Promise.race([answering, whenAborted(signal, held.lease.link)])
}

/** A link that is just being taken up is worth a moment. */
async function handlerOf(held: Held): Promise<Handler> {
  const until = performance.now() + COMES_UP_MS
  while (held.isHeld()) {
    const refusal = held.refusal()
    if (refusal) throw refusal
    const handler = held.handler()
    if (handler) return handler
    if (performance.now() > until) break
    await wait(LOOK_MS)
  }
  throw notUp(held.lease.link)
}

function notUp(link: string): MediatorError {
  return new MediatorError('UNREACHABLE', `the link ${link} is not up at the moment`)
}

/** A handler that does not mind its signal must not keep the caller. */
function whenAborted(signal: AbortSignal, link: string): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new MediatorError('TIMEOUT', `the link ${link} did not answer in time`))
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  return promise
}
