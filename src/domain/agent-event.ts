import type { Message } from './message.ts'
import type { EndReason, Session } from './session.ts'

type Happening =
  | { type: 'queued' }
  | { type: 'assigned'; agent?: string }
  /** `automatic`: said by the desk's own machinery; nobody need have taken the conversation. */
  | { type: 'message'; message: Message; agent?: string; automatic?: true }
  | { type: 'typing' }
  | { type: 'transferred'; agent?: string }
  | { type: 'agent-left' }
  | { type: 'closed'; reason: EndReason }
  /** What a desk that calls us keeps of the conversation and tells once more, at `at`, oldest first: most of it came before, and
   *  some of it perhaps in an earlier session. */
  | { type: 'history'; said: AgentEvent[] }

/** Everything that comes from a desk, in our words. After this point nobody knows which desk it was. */
export type AgentEvent = Happening & {
  /** The desk's id of the conversation. */
  conversation: string
  /** The client the desk says it is about; a short cut to the session, never trusted over the conversation. */
  client?: string
  /** The desk's own id of this event, stable over its repeats; absent when the desk gives none. */
  id?: string
  /** The desk's own time of it, epoch ms. */
  at?: number
}

/** A conversation belongs to the client it was opened for, and to nobody else. */
export function isAbout({ desk, conversation }: Session, name: string, event: AgentEvent): boolean {
  return desk === name && conversation !== undefined && conversation.id === event.conversation
}
