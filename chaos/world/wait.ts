export const pause = (ms: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, Math.max(0, ms)))

const EVERY_MS = 40

/** Waits until `look` finds something; throws after `patienceMs`. */
export async function waitFor<Found>(
  what: string,
  look: () => Promise<Found> | Found,
  patienceMs: number,
): Promise<NonNullable<Found>> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await Promise.resolve(look()).catch(() => undefined)
    if (found) return found as NonNullable<Found>
    if (performance.now() > end) throw new Error(`waited ${Math.round(patienceMs / 1000)} s in vain: ${what}`)
    await pause(EVERY_MS)
  }
}
