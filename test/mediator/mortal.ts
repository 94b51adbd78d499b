import type { Store } from '../../src/store/store.ts'
import type { Life } from '../support/fake-sides.ts'

/** A process that may be gone at any step: from then on nothing it waits for ever comes back to it. */
export type Mortal = Life & {
  /** Steps made so far: before and after each call of the store and of a side. */
  readonly steps: number
  /** The step at which it was gone; undefined while it lives. */
  readonly diedAt: number | undefined
  dieIn(steps: number): void
  /** Unless it is gone already. */
  liveOn(): void
  /** The store as this process has it. */
  store: Store
}

/** `onCall` is told +1 and -1 around everything the store really does. */
export function createMortal(real: Store, onCall: (change: 1 | -1) => void): Mortal {
  let steps = 0
  let end = Number.POSITIVE_INFINITY
  const pass = (): Promise<void> => {
    steps += 1
    return steps < end ? Promise.resolve() : new Promise(() => undefined)
  }
  return {
    pass,
    get steps() {
      return steps
    },
    get diedAt() {
      return steps < end ? undefined : end
    },
    dieIn(more) {
      end = Math.min(end, steps + more)
    },
    liveOn() {
      if (steps < end) end = Number.POSITIVE_INFINITY
    },
    store: watchCalls(real, pass, onCall),
  }
}

function watchCalls(real: Store, pass: () => Promise<void>, onCall: (change: 1 | -1) => void): Store {
  const watched = async (method: (...args: unknown[]) => Promise<unknown>, args: unknown[]) => {
    await pass()
    onCall(1)
    const answer = await method(...args).finally(() => onCall(-1))
    await pass()
    return answer
  }
  return new Proxy(real, {
    get:
      (store, name) =>
      (...args: unknown[]) =>
        watched(Reflect.get(store, name), args),
  })
}
