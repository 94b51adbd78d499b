import { setTimeout as wait } from 'node:timers/promises'
import pino from 'pino'
import type { Bot } from '../../src/bots/bot.ts'
import type { Desk } from '../../src/desks/desk.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Entry } from '../../src/domain/mailbox.ts'
import { createPipeline } from '../../src/mediator/pipeline.ts'
import type { Sides } from '../../src/mediator/sides.ts'
import { createSweep } from '../../src/mediator/sweep.ts'
import { createWaiters } from '../../src/mediator/waiters.ts'
import { createWorker } from '../../src/mediator/worker.ts'
import type { Store } from '../../src/store/store.ts'
import { TEXTS } from './replica.ts'

/** How a desk takes a message: it does, it is not there, or it never answers. */
export type Mood = 'well' | 'dead' | 'hanging'

/** One process of the mediator between two desks, on a clock that may be moved on. */
export type TwoDesks = ReturnType<typeof startTwoDesks>

const START = Date.UTC(2026, 0, 5, 12)
/** A message a second old. */
const WRITTEN_MS = 1_000
const SESSIONS_AT_ONCE = 500

const log = pino({ level: 'silent' })
const meter = { accepted: () => undefined, settled: () => undefined }

export function startTwoDesks(store: Store) {
  const started = performance.now()
  let skipped = 0
  const clock = { now: () => Math.round(START + performance.now() - started + skipped) }
  const moods: Record<string, Mood> = { a: 'well', b: 'well' }
  /** What each client's agent has read. */
  const read = new Map<string, string[]>()
  const sides: Sides = { desk: name => createDesk(name, moods, read), bot: () => BOT }
  const waiters = createWaiters()
  const worker = createWorker({ store, sides, texts: TEXTS, clock, log, meter, waiters })
  const pipeline = createPipeline({ store, clock, log, meter, waiters, worker })
  const sweep = createSweep({ store, worker, pipeline, clock, log, look: async () => undefined })
  return {
    clock,
    moods,
    read,
    worker,
    sweep,
    skip: (ms: number) => {
      skipped += ms
    },
    /** Clients at that desk, each with messages that were put off and are due now. */
    leaveLying: (desk: string, clients: string[], texts: string[]) =>
      leaveLying(store, clock.now(), desk, clients, texts),
    /** Looks until it is so; gives how often. */
    async lookUntil(isSo: () => boolean, most: number): Promise<number> {
      for (let looks = 0; looks <= most; looks++) {
        if (isSo()) return looks
        await sweep.once()
        await wait(20)
      }
      return Number.POSITIVE_INFINITY
    },
    async stop() {
      sweep.stop()
      await worker.stop(0)
      await store.close()
    },
  }
}

async function leaveLying(
  store: Store,
  now: number,
  desk: string,
  clients: string[],
  texts: string[],
): Promise<void> {
  for (let from = 0; from < clients.length; from += SESSIONS_AT_ONCE) {
    const some = clients.slice(from, from + SESSIONS_AT_ONCE)
    await Promise.all(some.map(client => leaveOne(store, now, desk, client, texts)))
  }
}

async function leaveOne(store: Store, now: number, desk: string, uuid: string, texts: string[]) {
  const gate = { open: true, dayType: 'workingday', dayName: 'monday', at: 0 }
  const draft = { bot: 'bot', client: { uuid }, department: 'any', openedAt: now, gate }
  const opening = { desks: [desk], results: {}, promised: false }
  const open: Entry = { id: 'open', at: now, kind: 'open', opening }
  const registration = await store.register(draft, open, now)
  if (registration.outcome !== 'created') throw new Error('registered before')
  const { turn, head } = registration.work
  const conversation = { id: `room of ${uuid}`, state: null }
  await store.settle(turn, head, { kind: 'opened', desk, conversation, state: 'queued' }, now)
  const entries = texts.map((text, i): Entry => {
    const message = { text, attachments: [] }
    return { id: `m${i}`, at: now - WRITTEN_MS, kind: 'message', message }
  })
  const to = { by: 'session' as const, session: turn.session }
  const acceptance = await store.accept({ to, direction: 'to_agent', entries }, now)
  if (acceptance.outcome !== 'accepted' || !acceptance.work) throw new Error('not accepted')
  const { work } = acceptance
  await store.settle(
    work.turn,
    { ...entries[0], ...work.head },
    { kind: 'retry', at: now, counts: true },
    now,
  )
}

function createDesk(name: string, moods: Record<string, Mood>, read: Map<string, string[]>): Desk {
  return {
    name,
    openConversation: () => Promise.reject(new Error('nobody opens anything here')),
    async sendToAgent({ session, message }, { signal }) {
      if (moods[name] === 'hanging') await aborted(signal)
      if (moods[name] !== 'well') throw new MediatorError('UNREACHABLE', 'it does not answer')
      const client = session.client.uuid
      read.set(client, [...(read.get(client) ?? []), message.text])
    },
    closeConversation: async () => undefined,
    inbound: { kind: 'webhook', authenticate: () => true, parse: () => [] },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

const BOT: Bot = {
  name: 'bot',
  pieces: async message => [message],
  sendToClient: async () => undefined,
  endHandoff: async () => undefined,
}
