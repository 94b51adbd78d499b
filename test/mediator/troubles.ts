import { vi } from 'vitest'
import type { Desk } from '../../src/desks/desk.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { Sides } from '../../src/mediator/sides.ts'
import type { Store } from '../../src/store/store.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { startDoorless } from './doorless.ts'
import { createMortal, type Mortal } from './mortal.ts'
import { TEXTS } from './replica.ts'

/** How one attempt fails. */
export type Trouble =
  | 'refused at once'
  | 'no answer in 7 s'
  | 'upload that breaks after 20 s'
  | 'breaker open'
  | 'wait 11 s'

const THROTTLED: Partial<Record<Trouble, number>> = { 'wait 11 s': 11_000 }
const SLOW: Partial<Record<Trouble, number>> = {
  'no answer in 7 s': 7_000,
  'upload that breaks after 20 s': 20_000,
}

/** What happens to one text: its attempts fail so, one after the other, the rest as the last. */
export type Script = { name: string; troubles: Trouble[] }

/** When each writer was told of a delay, in ms after writing. */
export type Told = Map<string, number[]>

export type Troubles = {
  clock: FakeClock
  /** All write at once through a replica that is gone for good after `dieAfterMs`; a second one sweeps, too. */
  write(dieAfterMs?: number): Promise<void>
  told: Told
  stop(): Promise<void>
}

/** Many clients in trouble of their own, each with a desk of their own or all at `desk`, and a bot that works. */
export async function startTroubles(store: Store, scripts: Script[], desk?: string): Promise<Troubles> {
  let busy = 0
  const onCall = (change: 1 | -1): void => {
    busy += change
  }
  const clock = createFakeClock(() => busy > 0)
  const told: Told = new Map()
  const written = new Map<string, number>()
  const attempts = new Map<string, number>()
  const start = (): ReturnType<typeof startDoorless> & { mortal: Mortal } => {
    const mortal = createMortal(store, onCall)
    const sides = createSides(clock, mortal, {
      next(client) {
        const { troubles } = scripts.find(({ name }) => name === client) as Script
        const made = attempts.get(client) ?? 0
        attempts.set(client, made + 1)
        return troubles[Math.min(made, troubles.length - 1)] as Trouble
      },
      tell(client) {
        told.set(client, [...(told.get(client) ?? []), clock.now() - (written.get(client) ?? 0)])
      },
    })
    const replica = startDoorless(mortal.store, sides, clock)
    replica.sweep.start()
    return { ...replica, mortal }
  }
  const [first, second] = [start(), start()]
  return {
    clock,
    told,
    async write(dieAfterMs) {
      await Promise.all(scripts.map(({ name }) => first.register(name, desk ?? name)))
      for (const { name } of scripts) {
        written.set(name, clock.now())
        first.say(name, 'hello?').catch(() => undefined)
      }
      if (dieAfterMs === undefined) return
      await clock.pass(dieAfterMs)
      first.mortal.dieIn(0)
      first.sweep.stop()
    },
    async stop() {
      first.sweep.stop()
      second.sweep.stop()
      vi.useRealTimers()
      await store.close()
    },
  }
}

type Plot = { next(client: string): Trouble; tell(client: string): void }

function createSides(clock: Clock, { pass }: Mortal, { next, tell }: Plot): Sides {
  const desk: Desk = {
    name: 'desk',
    openConversation: async ({ client }) => ({
      conversation: { id: client.uuid, state: null },
      state: 'queued',
    }),
    async sendToAgent({ session }) {
      await pass()
      await fail(clock, next(session.client.uuid))
    },
    closeConversation: async () => undefined,
    inbound: { kind: 'webhook', authenticate: () => true, parse: () => [] },
  }
  const bot = {
    name: 'bot',
    pieces: async <M>(message: M) => [message],
    async sendToClient({ client }: { client: { uuid: string } }, { text }: { text: string }) {
      await pass()
      if (text === TEXTS.client_delayed) tell(client.uuid)
    },
    endHandoff: async () => undefined,
  }
  return { desk: () => desk, bot: () => bot }
}

async function fail(clock: Clock, trouble: Trouble): Promise<never> {
  await new Promise(resolve => setTimeout(resolve, SLOW[trouble] ?? 0))
  const wait = THROTTLED[trouble]
  if (wait !== undefined) throw new MediatorError('THROTTLED', 'too many', { retryAt: clock.now() + wait })
  if (SLOW[trouble] !== undefined) throw new MediatorError('TIMEOUT', 'no answer in time')
  const soon = trouble === 'breaker open' ? { retryAt: clock.now() + 1_000 } : {}
  throw new MediatorError('UNREACHABLE', 'it is down', soon)
}
