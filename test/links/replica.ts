import pino from 'pino'
import type { Desk, Link, LinkDefinition } from '../../src/desks/desk.ts'
import type { Call } from '../../src/lib/call.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { createClock } from '../../src/lib/clock.ts'
import type { Emit } from '../../src/links/link.ts'
import { createSupervisor } from '../../src/links/supervisor.ts'
import { createSwitchboard } from '../../src/links/switchboard.ts'
import type { LinkStore } from '../../src/store/link-store.ts'

export const LINK = 'desk/line'

/** One process as far as links go: a desk with the link `line`, which does as `run` says. */
export type Replica = ReturnType<typeof startReplica>

export type ReplicaOptions = {
  store: LinkStore
  name: string
  run: LinkDefinition['run']
  clock?: Clock
  emit?: Emit
}

const log = pino({ level: 'silent' })

export function startReplica({ store, name, run, clock = createClock(), emit = nowhere }: ReplicaOptions) {
  const switchboard = createSwitchboard(store, name, clock, log)
  const desk = { name: 'desk', inbound: { kind: 'link', links: [{ name: 'line', run }] } } as unknown as Desk
  const supervisor = createSupervisor(
    { store, switchboard, replica: name, clock, log, emit, recovered: () => undefined },
    [desk],
  )
  supervisor.start()
  return {
    stop: supervisor.stop,
    state: () => supervisor.states()[LINK],
    ask: (question: unknown, timeoutMs?: number) =>
      switchboard.doorOf('desk').ask('line', question, anyCall(), timeoutMs),
  }
}

async function nowhere(): Promise<void> {}

export function anyCall(): Call {
  return { signal: new AbortController().signal, log, attempt: 1 }
}

/** A run that answers questions with `answer` until its signal aborts. */
export function answering(answer: (question: unknown) => Promise<unknown>, seen: Link[] = []) {
  return async (link: Link): Promise<void> => {
    seen.push(link)
    link.serve(answer)
    link.report('connected')
    await aborted(link.signal)
  }
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
}
