import type { Acceptance, Letter, Outcome, Work } from '../store/store.ts'

/** Where the pipeline counts. Must be cheap: it is called several times a message. */
export type Meter = {
  accepted(letter: Letter, acceptance: Acceptance): void
  /** `failed`: it did not come to what was wanted. */
  settled(work: Work, outcome: Outcome, failed: boolean, now: number): void
}
