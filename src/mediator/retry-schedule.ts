import type { MediatorError } from '../domain/errors.ts'

const FIRST_WAITS_MS = [2_000, 5_000, 15_000, 30_000, 60_000]
const LONGEST_WAIT_MS = 15 * 60_000

/** After this long a message is given up, in ms. */
export const GIVE_UP_MS = 24 * 3_600_000

/**
 * A delay is told as soon as it is known to last longer than this, in ms. Early enough for the 30 s the sender is owed even
 * when the process that works on it dies: 12 s, the 15 s of its turn, and what it takes to take it up.
 */
export const TELL_AFTER_MS = 12_000

/** So often it is looked whether somebody has written behind what is none of theirs, in ms. */
export const LOOK_BEHIND_MS = 10_000

/** After so long a mailbox for which there was no room is looked at again, once its delay was told, in ms. */
export const LOOK_AGAIN_MS = 30_000

/** When to try again after `failures` failed attempts (the present one included), epoch ms. */
export function retryAt(failures: number, error: MediatorError, now: number): number {
  if (error.retryAt !== undefined) return Math.max(error.retryAt, now)
  return now + waitAfter(failures)
}

function waitAfter(failures: number): number {
  const first = FIRST_WAITS_MS[failures - 1]
  if (first !== undefined) return first
  return Math.min(60_000 * 2 ** (failures - FIRST_WAITS_MS.length), LONGEST_WAIT_MS)
}
