import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { Store } from '../../src/store/store.ts'
import { createOutside, type Outside } from '../support/fake-sides.ts'
import { startReplica } from './replica.ts'
import type { Depot } from './stores.ts'

export const UUID = 'client-1'
/** Of the first conversation that is opened. */
export const ROOM = 'room1'

export type OneClient = { store: Store; outside: Outside; replica: ReturnType<typeof startReplica> }

/** A mediator of which one client has just asked for an agent. The store is to be closed. */
export async function handOverOne(depot: Depot, clock: Clock): Promise<OneClient> {
  const store = await depot.open()
  const outside = createOutside()
  const replica = startReplica({ store, clock, outside })
  await replica.register(UUID)
  return { store, outside, replica }
}

/** Words of the agent, `at` the desk's time. */
export function agentSaid(id: string, text: string, at: number): AgentEvent {
  const message = { text, attachments: [] }
  return { type: 'message', conversation: ROOM, message, agent: 'Ana', id, at }
}
