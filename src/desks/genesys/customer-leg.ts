import type { Conversation } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'

/**
 * Our part in a chat as its customer: the client speaks and hears through it. Genesys has two interfaces for that; each is
 * one of these. All methods throw MediatorError, CONVERSATION_GONE where the chat is over or unknown.
 */
export type CustomerLeg = {
  /** What a cursor is: the index of the last line handled, or where the server said that reading goes on. With indexes a line
   *  may come to light after a later one. */
  cursors: 'indexes' | 'positions'
  /** The conversation's state for an opened chat: all that is needed to speak in it, on any replica. */
  request(wanted: ChatRequest, call: Call): Promise<Conversation>
  /** Says something as the customer. There is no field for an id of ours: called twice, it is said twice. */
  send(chat: Conversation, text: string, call: Call): Promise<void>
  /** Leaves the chat, which ends it. One that is over or unknown is success. */
  finish(chat: Conversation, call: Call): Promise<void>
  /** What was said since `cursor`; from the beginning without one. A chat that is over or unknown is `over`. */
  read(chat: Conversation, cursor: string | undefined, call: Call): Promise<Reading>
  /** Absent where `read` says for sure whether a chat is over. */
  state?(chat: Conversation, call: Call): Promise<ChatState>
}

export type ChatRequest = {
  nickname: string
  subject: string
  /** The endpoint, or the service; '' where the flow named no department and none is configured. */
  queue: string
  /** Attached to the interaction: agents see it, routing strategies read it. */
  userData: Record<string, string>
}

export type Reading = {
  /** In no certain order, perhaps with lines that were read before. */
  lines: ChatLine[]
  /** With positions: the cursor once all of these are handled. */
  next?: string
  over: boolean
}

export type ChatLine = {
  /** Counts the lines of a chat from 1. */
  index: number
  kind: 'text' | 'joined' | 'left' | 'other'
  /** `system`: a routing strategy or a robot of the desk. `unknown`: never passed on. */
  by: 'client' | 'agent' | 'supervisor' | 'system' | 'unknown'
  nickname?: string
  text: string
  /** False: among agents. */
  isForClient: boolean
  /** The desk's own time of it, epoch ms. */
  at?: number
}

export type ChatState = {
  /** For sure. */
  over: boolean
  /** Agents in it now, by nickname. */
  agents: string[]
  /** Somebody is being looked for. */
  waiting: boolean
  /** False: the customer may say nothing. Undefined: the desk does not tell. */
  maySpeak: boolean | undefined
}
