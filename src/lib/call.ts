import type { Logger } from 'pino'

/** What every outgoing piece of work carries: when to stop, where to log, and how often it was tried. */
export type Call = {
  signal: AbortSignal
  log: Logger
  /** 1 on the first attempt. */
  attempt: number
  /** Somebody is kept waiting who can do nothing else meanwhile: there are places kept for such calls. */
  urgent?: boolean
  /** Nobody waits for it, and its failure says nothing of those who have something to deliver: no breaker opens for it. */
  idle?: boolean
}
