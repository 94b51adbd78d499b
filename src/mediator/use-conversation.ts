import type { Logger } from 'pino'
import type { Desk, Operated, Transcript, TranscriptType } from '../desks/desk.ts'
import { MediatorError } from '../domain/errors.ts'
import type { Call } from '../lib/call.ts'
import { BOT_BUDGET_MS } from './answer.ts'

/** Finds a configured desk; undefined where there is none of that name. */
export type FindDesk = (name: string) => Desk | undefined

/** Carries out an operation of the desk's own. Throws NOT_FOUND for a desk that has none. */
export async function operateConversation(
  find: FindDesk,
  log: Logger,
  name: string,
  conversation: string,
  operation: unknown,
): Promise<Operated> {
  const desk = existing(find, name)
  if (!desk.operate)
    throw new MediatorError('NOT_FOUND', `the desk "${name}" has no operations, or none are configured`)
  const operated = await desk.operate(conversation, operation, callFor(log))
  const { operation: what } = operation as { operation?: unknown }
  log.info({ desk: name, conversation, operation: what, status: operated.status }, 'operated')
  return operated
}

/** Fetches a transcript. Throws NOT_FOUND for a desk that keeps none, and while there is none yet. */
export function fetchTranscript(
  find: FindDesk,
  log: Logger,
  name: string,
  conversation: string,
  type: TranscriptType,
): Promise<Transcript> {
  const desk = existing(find, name)
  if (!desk.transcript) throw new MediatorError('NOT_FOUND', `the desk "${name}" keeps no transcripts`)
  return desk.transcript(conversation, type, callFor(log))
}

function existing(find: FindDesk, name: string): Desk {
  const desk = find(name)
  if (!desk) throw new MediatorError('NOT_FOUND', `no desk "${name}" is configured`)
  return desk
}

/** Somebody waits for the answer. */
function callFor(log: Logger): Call {
  return { signal: AbortSignal.timeout(BOT_BUDGET_MS), log, attempt: 1, urgent: true }
}
