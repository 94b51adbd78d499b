import pino from 'pino'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { endSession } from '../../src/mediator/end-session.ts'
import { createPipeline } from '../../src/mediator/pipeline.ts'
import { receiveFromAgent } from '../../src/mediator/receive-from-agent.ts'
import { registerClient } from '../../src/mediator/register-client.ts'
import { sendToAgent } from '../../src/mediator/send-to-agent.ts'
import { createSweep } from '../../src/mediator/sweep.ts'
import { textsSchema } from '../../src/mediator/texts.ts'
import { createWaiters } from '../../src/mediator/waiters.ts'
import { createWorker } from '../../src/mediator/worker.ts'
import type { Store } from '../../src/store/store.ts'
import { connectSides, type Life, type Outside } from '../support/fake-sides.ts'

/** One process of the mediator without its doors. */
export type Replica = ReturnType<typeof startReplica>

const DESK = 'desk'
export const TEXTS = textsSchema.parse({})
const log = pino({ level: 'silent' })
const meter = { accepted: () => undefined, settled: () => undefined }
const gate = { open: true, dayType: 'workingday', dayName: 'monday', at: 0 }

export type ReplicaOptions = {
  store: Store
  clock: Clock
  outside: Outside
  life?: Life
  fallback?: string[]
}

export function startReplica({ store, clock, outside, life, fallback = [] }: ReplicaOptions) {
  const waiters = createWaiters()
  const sides = connectSides(outside, clock, life)
  const worker = createWorker({ store, sides, texts: TEXTS, clock, log, meter, waiters })
  const pipeline = createPipeline({ store, clock, log, meter, waiters, worker })
  const sweep = createSweep({ store, worker, pipeline, clock, log, look: async () => undefined })
  const desks = { route: () => ({ department: '*', desk: DESK, fallback }) }
  const hours = { status: () => ({ known: false }) as never, pass: () => gate }
  return {
    store,
    sides,
    pipeline,
    worker,
    sweep,
    register: (uuid: string) =>
      registerClient(
        { store, pipeline, ...desks, gate: hours, texts: TEXTS, clock, bot: 'bot' },
        { client: { uuid }, department: 'any', results: {}, simulation: false },
      ),
    say: (uuid: string, text: string, id?: string) =>
      sendToAgent(
        { pipeline, clock },
        { client: { uuid }, id, message: { text, attachments: [] }, simulation: false },
      ),
    hear: (event: AgentEvent) => receiveFromAgent({ pipeline, store, clock, texts: TEXTS, log }, DESK, event),
    end: (uuid: string) => endSession({ pipeline, clock }, uuid, false),
  }
}
