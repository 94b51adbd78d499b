import { setTimeout as wait } from 'node:timers/promises'

const pollMs = 5

/** Resolves once the condition holds; throws when it does not within `timeoutMs`. */
export async function waitUntil(condition: () => boolean, timeoutMs = 5000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not so within ${timeoutMs} ms: ${condition}`)
    await wait(pollMs)
  }
}
