import type { Message } from './message.ts'
import type { EndReason } from './session.ts'

type Happening =
  | { type: 'queued' }
  | { type: 'assigned'; agent?: string }
  /** `automatic`: said by the desk's own machinery; nobody need have taken the conversation. */
  | { type: 'message'; message: Message; agent?: string; automatic?: true }
  | { type: 'typing' }
  | { type: 'transferred'; agent?: string }
  | { type: 'agent-left' }
  | { type: 'closed'; reason: EndReason }

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
