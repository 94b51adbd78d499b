/** The closed list of things that go wrong. The HTTP layer gives each its word and status. */
export type ErrorCode =
  // the caller's fault
  | 'INVALID'
  | 'UNAUTHORIZED'
  | 'TOO_LARGE'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  // the state of things
  | 'NO_SESSION'
  | 'SESSION_CLOSED'
  | 'CLOSED_HOURS'
  | 'NO_AGENT'
  | 'UNKNOWN_DEPARTMENT'
  /** The conversation is just being opened: the same thing, sent again a little later, will be understood. */
  | 'STILL_OPENING'
  // the other side
  | 'THROTTLED'
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'MISCONFIGURED'
  | 'UNEXPECTED'
  | 'REJECTED'
  | 'CONVERSATION_GONE'
  // ourselves
  | 'STORE_UNAVAILABLE'
  /** There is no room for more at the moment; nothing was begun. */
  | 'OVERLOADED'
  /** Another replica has taken this work over; nothing was changed. */
  | 'FENCED'

/** Worth another try later: the other side may well take the same thing then. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set([
  'THROTTLED',
  'UNREACHABLE',
  'TIMEOUT',
  // A wrong token or address is mended by an operator; until then nothing may be lost.
  'MISCONFIGURED',
  'UNEXPECTED',
  'STORE_UNAVAILABLE',
])

const UNCERTAIN: ReadonlySet<ErrorCode> = new Set(['UNREACHABLE', 'TIMEOUT', 'UNEXPECTED'])

type Details = {
  cause?: unknown
  /** Epoch ms before which another try is pointless. */
  retryAt?: number | undefined
  /** Extra keys of the answer; safe to show. */
  extra?: Record<string, unknown> | undefined
  /** True: the call never reached the other side. */
  neverArrived?: boolean
}

/** The one error of the mediator. `message` is safe to show to callers and in logs: no secrets, no one's words. */
export class MediatorError extends Error {
  readonly code: ErrorCode
  readonly retryAt: number | undefined
  readonly extra: Record<string, unknown> | undefined
  readonly neverArrived: boolean

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.name = 'MediatorError'
    this.code = code
    this.retryAt = details.retryAt
    this.extra = details.extra
    this.neverArrived = details.neverArrived ?? false
  }

  get transient(): boolean {
    return TRANSIENT.has(this.code)
  }

  /** The other side may have done what was asked although we never heard so. */
  get uncertain(): boolean {
    return UNCERTAIN.has(this.code) && !this.neverArrived
  }
}

/** Anything thrown, as our error: what we did not foresee is UNEXPECTED, and keeps its cause. */
export function asMediatorError(error: unknown): MediatorError {
  if (error instanceof MediatorError) return error
  return new MediatorError('UNEXPECTED', 'an internal error', { cause: error })
}
