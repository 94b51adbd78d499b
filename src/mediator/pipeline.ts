import type { Logger } from 'pino'
import { asMediatorError, MediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Acceptance, Letter, Store, Work } from '../store/store.ts'
import { createJournal } from './journal.ts'
import type { Meter } from './meter.ts'
import type { Mailbox, Report, Waiters } from './waiters.ts'
import type { Worker } from './worker.ts'

export type PipelineOptions = {
  store: Store
  clock: Clock
  log: Logger
  meter: Meter
  waiters: Waiters
  worker: Worker
}

/**
 * accept ──► mailbox ──► deliver ──► settle, for both directions.
 *
 * A message costs two round trips of the store: `accept` makes it durable and takes the turn, `settle` (in worker.ts)
 * records what became of it and hands over what is next in line.
 */
export type Pipeline = {
  /** Makes the letter durable, starts its delivery, and says what became of its first entry within `budgetMs`.
   *  Throws STORE_UNAVAILABLE: then nothing is promised. */
  post(letter: Letter, budgetMs: number): Promise<Posted>
  /** Says what becomes of an entry within `budgetMs`; begins with `start` where the caller holds the turn. */
  follow(mailbox: Mailbox, entry: string, budgetMs: number, start?: Work): Promise<Report>
}

export type Posted = { acceptance: Acceptance; report: Report }

/** How often another replica's work is looked at while a caller waits for it, in ms. */
const LOOK_MS = 250

export function createPipeline(options: PipelineOptions): Pipeline {
  const { store, clock, meter, waiters, worker, log } = options
  const journal = createJournal(log)

  return { post, follow }

  async function post(letter: Letter, budgetMs: number): Promise<Posted> {
    const acceptance = await store.accept(letter, clock.now())
    meter.accepted(letter, acceptance)
    journal.accepted(letter, acceptance)
    return { acceptance, report: await reportOn(letter, acceptance, budgetMs) }
  }

  async function reportOn(letter: Letter, acceptance: Acceptance, budgetMs: number): Promise<Report> {
    const entry = letter.entries[0]
    if (acceptance.outcome === 'no-session') return refused('NO_SESSION', 'there is no session')
    const mailbox = { session: acceptance.session.id, direction: letter.direction }
    if (acceptance.outcome === 'repeat' && acceptance.fate === 'dead')
      return refused('REJECTED', 'this message was refused before and is kept as a dead letter')
    const waits =
      acceptance.outcome === 'accepted' || (acceptance.outcome === 'repeat' && acceptance.fate === 'waiting')
    if (!entry || !waits) return { kind: 'done', session: acceptance.session }
    const { work, retryAt } = acceptance.outcome === 'accepted' ? acceptance : {}
    if (!work && retryAt !== undefined && retryAt > clock.now() + budgetMs)
      return { kind: 'waiting', at: retryAt }
    return follow(mailbox, entry.id, budgetMs, work)
  }

  async function follow(mailbox: Mailbox, entry: string, budgetMs: number, start?: Work): Promise<Report> {
    const until = clock.now() + budgetMs
    const { heard, hear, leave } = waiters.listen(mailbox, entry, until)
    const timer = setTimeout(() => hear({ kind: 'waiting', at: until }), budgetMs)
    const look = start ? undefined : setInterval(() => void lookAt(mailbox, entry, hear), LOOK_MS)
    if (start) void worker.work(start)
    const report = await heard
    leave()
    clearTimeout(timer)
    clearInterval(look)
    return report
  }

  /** Another replica may be the one who delivers. */
  async function lookAt(mailbox: Mailbox, entry: string, resolve: (report: Report) => void): Promise<void> {
    try {
      const fate = await store.fateOf(mailbox.session, mailbox.direction, entry)
      if (fate === 'waiting') return
      if (fate === 'dead') return resolve(refused('REJECTED', 'this message was refused'))
      const session = await store.findById(mailbox.session)
      resolve(session ? { kind: 'done', session } : refused('UNREACHABLE', 'the desk cannot be reached'))
    } catch (error) {
      log.debug({ reason: asMediatorError(error).message }, 'could not look at another replica’s work')
    }
  }
}

function refused(code: MediatorError['code'], text: string): Report {
  return { kind: 'failed', error: new MediatorError(code, text) }
}
