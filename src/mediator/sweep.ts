import type { Logger } from 'pino'
import { asMediatorError } from '../domain/errors.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { Session } from '../domain/session.ts'
import type { Clock } from '../lib/clock.ts'
import type { Memory } from '../lib/memory.ts'
import { traceOf } from '../lib/trace.ts'
import type { Due, Store } from '../store/store.ts'
import type { Pipeline } from './pipeline.ts'
import { BATCH, createTakingUp } from './take-up.ts'
import type { Worker } from './worker.ts'

/** Takes up what is due: retries, what a dead process left behind, idle and forgettable sessions. */
export type Sweep = {
  /** Looks once. Resolves when everything found is taken up (not when it is done). Never rejects. */
  once(): Promise<void>
  start(): void
  stop(): void
}

const EVERY_MS = 500
/** While there is more to take up than one look may. */
const SOON_MS = 50
/** At most this many desks are asked about a conversation at a time; the rest stays due. */
const LOOKS_AT_ONCE = 20

export type SweepKit = {
  store: Store
  worker: Worker
  pipeline: Pipeline
  clock: Clock
  log: Logger
  /** Asks the desk how the session's conversation stands, and makes good what got lost. */
  look(session: Session): Promise<void>
  /** What is taken up brings its words along. */
  memory?: Memory
}

export function createSweep(kit: SweepKit): Sweep {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let failing = false
  let looking = 0
  let isBehind = false
  const mailboxes = createTakingUp(kit)
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
    if (!stopped) timer = setTimeout(again, isBehind ? SOON_MS : EVERY_MS)
  }

  async function once(): Promise<void> {
    try {
      isBehind = false
      const found = await kit.store.due(kit.clock.now(), mailboxes.reach())
      isBehind = await mailboxes.takeUp(found.filter(due => due.kind === 'mailbox'))
      const others = found.filter(due => due.kind !== 'mailbox')
      const [idle, silent] = [sessionsOf(others, 'session'), sessionsOf(others, 'look')]
      await Promise.all([...idle.map(id => retire(kit, id)), ...silent.map(look)])
      if (failing) kit.log.info('the sweep works again')
      failing = false
    } catch (thrown) {
      const error = asMediatorError(thrown)
      // Whoever watches the store has said so.
      if (error.code === 'STORE_UNAVAILABLE') return
      if (!failing)
        kit.log.error({ reason: error.message, trace: traceOf(error.cause) }, 'the sweep broke off')
      failing = true
    }
  }

  function look(id: string): void {
    if (looking >= LOOKS_AT_ONCE) return
    looking += 1
    void ask(id).finally(() => {
      looking -= 1
    })
  }

  /** What goes wrong with the store here is tried again at the next look. */
  async function ask(id: string): Promise<void> {
    try {
      const session = await kit.store.claimLook(id, kit.clock.now())
      if (session) await kit.look(session)
    } catch (error) {
      kit.log.info({ session: id, reason: asMediatorError(error).message }, 'could not look it up')
    }
  }
}

/** Of each kind as many as of mailboxes when nothing is in their way. */
function sessionsOf(due: Due[], kind: Due['kind']): string[] {
  return due
    .filter(one => one.kind === kind)
    .slice(0, BATCH)
    .map(({ session }) => session)
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
