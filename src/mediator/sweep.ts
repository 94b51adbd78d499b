import type { Logger } from 'pino'
import { asMediatorError } from '../domain/errors.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { Clock } from '../lib/clock.ts'
import type { Due, Store } from '../store/store.ts'
import type { Pipeline } from './pipeline.ts'
import type { Worker } from './worker.ts'

/** Takes up what is due: retries, what a dead process left behind, idle and forgettable sessions. */
export type Sweep = {
  /** Looks once. Resolves when everything found is taken up (not when it is done). Never rejects. */
  once(): Promise<void>
  start(): void
  stop(): void
}

const EVERY_MS = 500
/** At most this many are taken up at a look; the rest stays due. */
const BATCH = 200

export type SweepKit = { store: Store; worker: Worker; pipeline: Pipeline; clock: Clock; log: Logger }

export function createSweep(kit: SweepKit): Sweep {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let failing = false
  return {
    once,
    start: () => void again(),
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }

  async function again(): Promise<void> {
    await once()
    if (!stopped) timer = setTimeout(again, EVERY_MS)
  }

  async function once(): Promise<void> {
    try {
      const found = await kit.store.due(kit.clock.now(), BATCH)
      await Promise.all(found.map(due => takeUp(kit, due)))
      if (failing) kit.log.info('the sweep works again')
      failing = false
    } catch (error) {
      if (!failing)
        kit.log.error({ reason: asMediatorError(error).message }, 'the sweep cannot read the store')
      failing = true
    }
  }
}

async function takeUp(kit: SweepKit, due: Due): Promise<void> {
  if (due.kind === 'session') return retire(kit, due.session)
  const work = await kit.store.claim(due.session, due.direction, kit.clock.now())
  if (work) void kit.worker.work(work)
}

/** An idle session is ended, which closes it at the desk and hands the person back; an ended one is forgotten. */
async function retire({ store, pipeline, clock }: SweepKit, id: string): Promise<void> {
  const now = clock.now()
  const session = await store.findById(id)
  if (!session || session.state === 'ended') return store.forget(id, now)
  const handBack: Entry = { id: 'expired', at: now, kind: 'end', reason: 'expired' }
  const ending = { at: now, reason: 'expired' as const, deskAt: now }
  const to = { by: 'session' as const, session: id }
  await pipeline.post({ to, direction: 'to_client', dedupe: handBack.id, entries: [handBack], ending }, 0)
}
