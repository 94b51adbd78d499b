import { vi } from 'vitest'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Answer } from '../../src/mediator/answer.ts'
import type { Store } from '../../src/store/store.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { createOutside, type Outside } from '../support/fake-sides.ts'
import { createMortal, type Mortal } from './mortal.ts'
import { type Replica, type ReplicaOptions, startReplica } from './replica.ts'
import type { Depot } from './stores.ts'

/** What a caller was answered, and after how long (ms). */
export type Heard = { word: string; ms: number; code?: string }

export type MortalReplica = Replica & { mortal: Mortal }

export type Stage = {
  outside: Outside
  clock: FakeClock
  /** The store itself, past all watching. */
  store: Store
  /** Sweeps as the service does. */
  first: MortalReplica
  addReplica(options?: Pick<ReplicaOptions, 'fallback'>): MortalReplica
  /** What the caller hears; time passes until then. */
  answer(asked: Promise<Answer>): Promise<Heard>
  /** Something the agent of that client's open room does. */
  event(client: string, what: Partial<AgentEvent> & { type: AgentEvent['type'] }): AgentEvent
  stop(): Promise<void>
}

const PATIENCE_MS = 60_000

export async function setStage(depot: Depot): Promise<Stage> {
  const outside = createOutside()
  const store = await depot.open()
  let busy = 0
  const clock = createFakeClock(() => busy > 0)
  const addReplica: Stage['addReplica'] = options => {
    const mortal = createMortal(store, change => {
      busy += change
    })
    return { ...startReplica({ store: mortal.store, clock, outside, life: mortal, ...options }), mortal }
  }
  const first = addReplica()
  first.sweep.start()
  return {
    outside,
    clock,
    store,
    first,
    addReplica,
    answer: asked => hear(clock, asked),
    event: (client, what) =>
      ({
        conversation: outside.openRoomOf(client)?.id ?? '',
        client,
        at: clock.now(),
        ...what,
      }) as AgentEvent,
    async stop() {
      first.sweep.stop()
      vi.useRealTimers()
      await store.close()
    },
  }
}

async function hear(clock: FakeClock, asked: Promise<Answer>): Promise<Heard> {
  const asking = clock.now()
  let heard: Heard | undefined
  const note = (word: string, code?: string): void => {
    heard = { word, ms: clock.now() - asking, ...(code && { code }) }
  }
  asked.then(
    ({ word }) => note(word),
    error => note('error', error instanceof MediatorError ? error.code : String(error)),
  )
  await clock.rest()
  while (!heard && clock.now() - asking < PATIENCE_MS) await clock.pass(50)
  if (!heard) throw new Error('nobody answered')
  return heard
}
