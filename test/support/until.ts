const PATIENCE_MS = 30_000
const EVERY_MS = 15

/** Waits for a condition, never for a duration: gives what `look` finds, as soon as it is truthy. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<NonNullable<T>> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found) return found as NonNullable<T>
    if (performance.now() > end) throw new Error(`waited ${patienceMs} ms in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, EVERY_MS))
  }
}
