import type { Logger } from 'pino'
import { MediatorError } from '../domain/errors.ts'
import type { Store } from '../store/store.ts'

export type WatchedStore = {
  /** The same store. What goes wrong with it is noticed here, and thrown as ever. */
  store: Store
  /** From now on nothing is said any more. */
  stop(): void
}

/** How often a store that failed is tried, and how long it must have worked to be well again, in ms. */
const TRY_MS = 1_000
const CALM_MS = 3_000

/** Times by a clock that never jumps, in ms. */
type Trouble = { since: number; wellSince: number | undefined }

/**
 * Says in the log when the store begins to fail and when it is well again: one line each, however many calls fail
 * meanwhile. Only a trial by writing tells that it is well: a full store can still be read.
 */
export function watchStore(store: Store, log: Logger): WatchedStore {
  let trouble: Trouble | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  return {
    store: noticing(store, failed),
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }

  function failed(error: MediatorError): void {
    if (stopped) return
    if (trouble) {
      trouble.wellSince = undefined
      return
    }
    trouble = { since: performance.now(), wellSince: undefined }
    log.error({ reason: error.message }, 'the store fails')
    tryLater(trouble)
  }

  function tryLater(present: Trouble): void {
    if (!stopped) timer = setTimeout(() => void tryOut(present), TRY_MS).unref()
  }

  async function tryOut(present: Trouble): Promise<void> {
    const isWell = await store.check().then(
      () => true,
      () => false,
    )
    const now = performance.now()
    present.wellSince = isWell ? (present.wellSince ?? now) : undefined
    if (stopped || present.wellSince === undefined || now - present.wellSince < CALM_MS)
      return tryLater(present)
    trouble = undefined
    log.info({ seconds: Math.round((present.wellSince - present.since) / 1_000) }, 'the store works again')
  }
}

/** Calls `failed` for each call that finds the store unavailable. */
function noticing(store: Store, failed: (error: MediatorError) => void): Store {
  const notice = (error: unknown): void => {
    if (error instanceof MediatorError && error.code === 'STORE_UNAVAILABLE') failed(error)
  }
  return new Proxy(store, {
    get(target, name) {
      const step: unknown = Reflect.get(target, name)
      if (typeof step !== 'function') return step
      return (...given: unknown[]) => {
        const answer: unknown = step.apply(target, given)
        if (answer instanceof Promise) answer.catch(notice)
        return answer
      }
    },
  })
}
