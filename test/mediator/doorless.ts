import pino from 'pino'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Session } from '../../src/domain/session.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { endSession } from '../../src/mediator/end-session.ts'
import { createPipeline } from '../../src/mediator/pipeline.ts'
import { readFromAgent, receiveFromAgent } from '../../src/mediator/receive-from-agent.ts'
import { registerClient } from '../../src/mediator/register-client.ts'
import { sendToAgent } from '../../src/mediator/send-to-agent.ts'
import type { Sides } from '../../src/mediator/sides.ts'
import { createSweep } from '../../src/mediator/sweep.ts'
import { createWaiters } from '../../src/mediator/waiters.ts'
import { createWorker } from '../../src/mediator/worker.ts'
import type { Store } from '../../src/store/store.ts'
import { TEXTS } from './replica.ts'

/** The whole mediator between two sides of a test's own, entered where its doors lead to. */
export type Doorless = ReturnType<typeof startDoorless>

const log = pino({ level: 'silent' })
const meter = { accepted: () => undefined, settled: () => undefined }
const open = { open: true, dayType: 'workingday', dayName: 'monday', at: 0 }
const gate = { status: () => ({ known: false }) as never, pass: () => open }

/** A department is the name of the desk that serves it. */
export function startDoorless(store: Store, sides: Sides, clock: Clock) {
  const waiters = createWaiters()
  const worker = createWorker({ store, sides, texts: TEXTS, clock, log, meter, waiters })
  const pipeline = createPipeline({ store, clock, log, meter, waiters, worker })
  const sweep = createSweep({ store, worker, pipeline, clock, log, look: async () => undefined })
  const route = (department: string) => ({ department, desk: department, fallback: [] })
  const receiving = { pipeline, store, clock, texts: TEXTS, log }
  return {
    sweep,
    register: (uuid: string, desk: string) =>
      registerClient(
        { store, pipeline, route, gate, texts: TEXTS, clock, bot: 'bot' },
        { client: { uuid }, department: desk, results: {}, simulation: false },
      ),
    say: (uuid: string, text: string, id?: string) =>
      sendToAgent(
        { pipeline, clock },
        { client: { uuid }, id, message: { text, attachments: [] }, simulation: false },
      ),
    hear: (desk: string, event: AgentEvent) => receiveFromAgent(receiving, desk, event),
    read: (desk: string, session: Session, event: AgentEvent, fence: number) =>
      readFromAgent(receiving, desk, session, event, { fence }),
    end: (uuid: string) => endSession({ pipeline, clock }, uuid, false),
  }
}
