import { setTimeout as wait } from 'node:timers/promises'

const EVERY_MS = 10

/** Something the play waits for did not come. */
export class NotSo extends Error {
  override readonly name = 'NotSo'
}

/**
 * Waits for a condition, and gives what `look` finds as soon as it is truthy. Throws {@link NotSo} after `patienceMs`, and
 * the signal's reason when it is aborted.
 */
export async function until<T>(
  what: string,
  look: () => T,
  signal: AbortSignal,
  patienceMs = 15_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + patienceMs
  for (;;) {
    signal.throwIfAborted()
    const found = look()
    if (found) return found
    if (performance.now() > end) throw new NotSo(`waited ${patienceMs / 1000} s in vain until ${what}`)
    await wait(EVERY_MS, undefined, { signal })
  }
}
