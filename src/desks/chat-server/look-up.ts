import { asMediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Conversing, Standing } from '../desk.ts'
import { type Account, fetchTranscript } from './api.ts'

/**
 * There is a transcript once a conversation has ended [D], and that is all that can be asked. Without one it goes on, or the server
 * has forgotten it: to join once more would tell, but agents may be shown it, and no answer to it proves anything [I].
 */
export async function lookUp(account: Account, session: Conversing, call: Call): Promise<Standing> {
  const isEnded = await hasTranscript(account, session.conversation.id, call)
  if (isEnded) return { state: 'closed' }
  return { state: session.state === 'queued' ? 'queued' : 'assigned' }
}

async function hasTranscript(account: Account, conversation: string, call: Call): Promise<boolean> {
  try {
    const transcript = await fetchTranscript(account, conversation, 'pdf', call)
    return transcript.kind === 'file' && transcript.bytes.toString('latin1', 0, 5) === '%PDF-'
  } catch (thrown) {
    const error = asMediatorError(thrown)
    if (error.code === 'NOT_FOUND') return false
    throw error
  }
}
