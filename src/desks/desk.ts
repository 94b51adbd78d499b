import type { IncomingHttpHeaders } from 'node:http'
import type { ZodType } from 'zod'
import type { AgentEvent } from '../domain/agent-event.ts'
import type { Message } from '../domain/message.ts'
import type { Client, Conversation, EndReason, Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Kit } from '../lib/kit.ts'

/** One kind of desk: what the configuration needs to know to make desks of it. The registry lists all of them. */
export type DeskDefinition<Settings = unknown> = {
  /** The `type` in the configuration, and the word in logs: `rocketchat`. */
  type: string
  /** Its table in live-agents.toml. Refuses at start, with the key's name, what cannot work. */
  settings: ZodType<Settings>
  /** Values that must never be seen in a log, a trace or an answer. */
  secrets(settings: Settings): string[]
  create(settings: Settings, kit: Kit): Desk
  /** Desks of this type are also reached at the original API's `sendMessageToClient`. */
  answersSendMessageToClient?: true
}

/**
 * The agents' side. All methods may be called on any replica, by several callers at once for different sessions, never at
 * once for the same session and direction. They throw MediatorError only: transient codes are tried again with the same
 * arguments, the others are final. They must obey `call.signal`, keep no state that matters, and write no one's words to
 * any log.
 */
export type Desk = {
  name: string
  /**
   * Finds or creates the conversation; called again after an answer that got lost, so it must not open a second one.
   * Throws NO_AGENT (nobody there), UNKNOWN_DEPARTMENT, THROTTLED (paced: the opening is taken up at `retryAt`).
   */
  openConversation(request: OpeningRequest, call: Call): Promise<Opened>
  /** The pieces a message is sent in, each one call of `sendToAgent`; joined they are the message. Absent: always whole. */
  pieces?(message: Message): Message[]
  /** Throws CONVERSATION_GONE when the desk has closed or forgotten the conversation, REJECTED when it refuses this message. */
  sendToAgent(sending: ToAgent, call: Call): Promise<void>
  /**
   * Ends the conversation; one that is already over, or that never came to be, is success. `session.conversation` is absent
   * when the answer to the opening got lost: then whatever was opened for this client must be found and closed.
   */
  closeConversation(session: Session, reason: EndReason, call: Call): Promise<void>
  inbound: WebhookInbound
}

export type OpeningRequest = {
  session: string
  client: Client
  department: string
  results: Record<string, string>
}

export type Opened = {
  conversation: Conversation
  state: 'queued' | 'assigned'
  agent?: string
}

export type ToAgent = {
  /** With its conversation: never called before the opening is settled. */
  session: Session & { conversation: Conversation }
  /** Stable over retries, unguessable, unique over all time: 17 letters and digits. For the vendor's own id field. */
  messageId: string
  message: Message
}

/** The desk calls us. The host owns the server; the desk says who may come in and what it means. */
export type WebhookInbound = {
  kind: 'webhook'
  /** True if the request carries this desk's secret. Compares in constant time; an unset secret lets nobody in. */
  authenticate(request: InboundRequest): boolean
  /** Pure. `[]`: understood and of no concern to any client. Throws MediatorError INVALID for what cannot be understood. */
  parse(body: unknown): AgentEvent[]
}

export type InboundRequest = {
  headers: IncomingHttpHeaders
  query: Record<string, unknown>
}
