import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Api } from './api.ts'
import type { Settings } from './settings.ts'

/** Which API this RapidPro sends messages with: as configured, or found out once and remembered. */
export type ApiChoice = {
  /** Asks where nothing is remembered; what it throws is not remembered either. Callers at the same time share one question. */
  get(call: Call): Promise<Api>
  /** An answer contradicted `api`: the next `get` finds out again, unless it is configured. */
  forget(api: Api): void
}

export function createApiChoice(
  configured: Settings['api'],
  findOut: (call: Call) => Promise<Api>,
): ApiChoice {
  let known = configured === 'auto' ? undefined : configured
  let asking: Promise<Api> | undefined
  const ask = async (call: Call): Promise<Api> => {
    try {
      known = await findOut({ ...call, signal: new AbortController().signal })
      return known
    } finally {
      asking = undefined
    }
  }
  return {
    async get(call) {
      if (known) return known
      asking ??= ask(call)
      return unlessAborted(asking, call.signal)
    },
    forget(api) {
      if (configured === 'auto' && known === api) known = undefined
    },
  }
}

/** The shared question outlives the caller who asked it first, so that its end does not fail the others. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const stop = (): void =>
    reject(new MediatorError('TIMEOUT', 'no time left to ask which API sends messages'))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  return promise
}
