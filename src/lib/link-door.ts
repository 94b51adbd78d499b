import type { Call } from './call.ts'

/** The way to whatever holds a link of one desk: this process, or the replica that does. */
export type LinkDoor = {
  /**
   * Asks the running link `name`; question and answer are JSON. Throws UNREACHABLE when no replica runs it or it was
   * not carried out for sure, TIMEOUT when there was no answer within `timeoutMs` (7,000 by default): then it may have been;
   * and what the link's handler threw.
   */
  ask(name: string, question: unknown, call: Call, timeoutMs?: number): Promise<unknown>
}
