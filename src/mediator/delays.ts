import type { Logger } from 'pino'
import { asMediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Letter, Store, Work } from '../store/store.ts'
import { noticeOf } from './failure-notice.ts'
import { TELL_AFTER_MS } from './retry-schedule.ts'
import type { Texts } from './texts.ts'

export type DelaysKit = {
  store: Store
  texts: Texts
  clock: Clock
  log: Logger
  /** Whether a human has written behind a head that is none of theirs. */
  isSomebodyBehind(work: Work): Promise<boolean>
  /** Works the mailbox the notice has gone into. */
  deliver(work: Work): void
}

/** Tells of delays while an attempt is under way; of all others it is told when the head is put off. */
export type Delays = {
  /** Call it when an attempt begins, and what it gives when its outcome is settled. */
  watch(work: Work): () => void
}

/** What was left lying is often delivered at once, and then nobody has to be told, in ms. */
const CHANCE_MS = 1_000
const AGAIN_MS = 1_000

/**
 * For one worker in one mailbox. A notice covers what was written before it: when the mailbox moves on after a delay that
 * was told of, nothing more is said about what had been waiting behind.
 */
export function createDelays({ store, texts, clock, log, isSomebodyBehind, deliver }: DelaysKit): Delays {
  let covered = Number.NEGATIVE_INFINITY
  return {
    watch(work) {
      let { told } = work.attempts
      let over = told || work.head.at <= covered || !noticeOf(work, texts, 'delayed', clock.now())
      let timer: NodeJS.Timeout | undefined
      if (!over) lookIn(Math.max(work.head.at + TELL_AFTER_MS - clock.now(), CHANCE_MS))
      return () => {
        over = true
        clearTimeout(timer)
        if (told) covered = clock.now()
      }

      function lookIn(ms: number): void {
        timer = setTimeout(() => void look(), ms)
      }

      async function look(): Promise<void> {
        try {
          told ||= await tell(work, () => over)
        } catch (error) {
          log.debug({ reason: asMediatorError(error).message }, 'could not tell of a delay')
        }
        if (!told && !over) lookIn(AGAIN_MS)
      }
    },
  }

  async function tell(work: Work, isOver: () => boolean): Promise<boolean> {
    if (work.head.kind !== 'message' && !(await isSomebodyBehind(work))) return false
    const letter = isOver() ? undefined : letterTo(work, clock.now())
    if (!letter) return false
    const acceptance = await store.accept(letter, clock.now())
    if (acceptance.outcome === 'accepted' && acceptance.work) deliver(acceptance.work)
    return true
  }

  function letterTo(work: Work, now: number): Letter | undefined {
    const notice = noticeOf(work, texts, 'delayed', now)
    if (!notice) return undefined
    const direction = work.turn.direction === 'to_agent' ? 'to_client' : 'to_agent'
    const to = { by: 'session', session: work.session.id } as const
    // What was written before an end is still told of after it.
    return { to, direction, dedupe: notice.id, entries: [notice], saidAt: work.head.at }
  }
}
