import type { Acceptance, Letter, Outcome, Work } from '../store/store.ts'

/** Where the pipeline counts. Must be cheap: it is called several times a message. */
export type Meter = {
  accepted(letter: Letter, acceptance: Acceptance): void
  settled(work: Work, outcome: Outcome, now: number): void
}
