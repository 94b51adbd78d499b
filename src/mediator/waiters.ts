import type { MediatorError } from '../domain/errors.ts'
import type { Direction } from '../domain/mailbox.ts'
import type { Session } from '../domain/session.ts'
import { messageOf } from './ids.ts'

/** What became of an attempt, for a caller who still waits for the answer. */
export type Report =
  | { kind: 'done'; session: Session }
  | { kind: 'failed'; error: MediatorError }
  /** Kept; tried again at `at` (epoch ms). */
  | { kind: 'waiting'; at: number }

export type Waiters = {
  /** `heard` resolves when the entry is done or failed, or is put off beyond `until` (epoch ms), or with what `hear` is
   *  told first. */
  listen(mailbox: Mailbox, entry: string, until: number): Listening
  /** True if somebody waits for this entry: then that caller tells the human, and we need not. */
  isAwaited(mailbox: Mailbox, entry: string): boolean
  report(mailbox: Mailbox, entry: string, report: Report): void
}

type Listening = { heard: Promise<Report>; hear(report: Report): void; leave(): void }

export type Mailbox = { session: string; direction: Direction }

type Waiter = { until: number; resolve(report: Report): void }

/** Pieces of a message report for the message: their ids are the message's with `.n` behind. */
function keyOf(mailbox: Mailbox, entry: string): string {
  return `${mailbox.session}/${mailbox.direction}/${messageOf(entry)}`
}

export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<Waiter>>()
  return {
    listen(mailbox, entry, until) {
      const key = keyOf(mailbox, entry)
      const set = waiting.get(key) ?? new Set()
      waiting.set(key, set)
      const { promise, resolve } = Promise.withResolvers<Report>()
      const waiter = { until, resolve }
      set.add(waiter)
      return { heard: promise, hear: resolve, leave: () => drop(key, set, waiter) }
    },
    isAwaited: (mailbox, entry) => waiting.has(keyOf(mailbox, entry)),
    report(mailbox, entry, report) {
      const set = waiting.get(keyOf(mailbox, entry))
      for (const waiter of set ?? []) {
        if (report.kind !== 'waiting' || report.at > waiter.until) waiter.resolve(report)
      }
    },
  }

  function drop(key: string, set: Set<Waiter>, waiter: Waiter): void {
    set.delete(waiter)
    if (set.size === 0) waiting.delete(key)
  }
}
