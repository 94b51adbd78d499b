import { setTimeout as wait } from 'node:timers/promises'

const EVERY_MS = 10

/** The play did not go as scripted. */
export class NotSo extends Error {
  override readonly name = 'NotSo'

  constructor(what: string) {
    super(`the conversation did not go as scripted: ${what}`)
  }
}

/**
 * Waits for a condition, and gives what `look` finds as soon as it is truthy. Throws {@link NotSo} after `patienceMs`, and
 * the signal's reason when it is aborted.
 */
export async function until<T>(
  what: string | (() => string),
  look: () => T,
  signal: AbortSignal,
  patienceMs = 30_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + patienceMs
  for (;;) {
    signal.throwIfAborted()
    const found = look()
    if (found) return found
    if (performance.now() > end) {
      const awaited = typeof what === 'string' ? what : what()
      throw new NotSo(`waited ${patienceMs / 1000} s in vain until ${awaited}`)
    }
    await wait(EVERY_MS, undefined, { signal })
  }
}
