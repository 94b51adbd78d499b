import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { ZodType } from 'zod'
import type { AgentEvent } from '../domain/agent-event.ts'
import type { Message } from '../domain/message.ts'
import type { Client, Conversation, EndReason, Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Kit } from '../lib/kit.ts'
import type { LinkDoor } from '../lib/link-door.ts'

/** One kind of desk: what the configuration needs to know to make desks of it. The registry lists all of them. */
export type DeskDefinition<Settings = unknown> = {
  /** The `type` in the configuration, and the word in logs: `rocketchat`. */
  type: string
  /** Its table in live-agents.toml. Refuses at start, with the key's name, what cannot work. */
  settings: ZodType<Settings>
  /** Values that must never be seen in a log, a trace or an answer. */
  secrets(settings: Settings): string[]
  create(settings: Settings, kit: DeskKit): Desk
  /** Desks of this type are also reached at the original API's `sendMessageToClient`. */
  answersSendMessageToClient?: true
  /** The bodies of `operate`, one per operation, told apart by `operation`; where this kind of desk has operations. */
  operations?: ZodType
}

export type DeskKit = Kit & {
  /** To this desk's own links, whichever replica runs them. */
  links: LinkDoor
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
  /** What `closeConversation` finds without a conversation was opened for that very session. Absent: it is found by the client,
   *  and may serve their next session by now. */
  opensForEachSession?: true
  /**
   * How the conversation stands at the desk now. Called when nothing was heard of it for a while, so that an event that got
   * lost is made good. Absent: this kind of desk cannot be asked. Must not open, close or change anything.
   */
  lookUp?(session: Conversing, call: Call): Promise<Standing>
  inbound: WebhookInbound | LinkInbound
  /** An operation of the desk's own on one of its conversations. Takes what `operations` let through. Says what the desk
   *  answered, a refusal included; throws only where there was no answer to understand. */
  operate?(conversation: string, operation: unknown, call: Call): Promise<Operated>
  /** Throws NOT_FOUND while there is none yet. */
  transcript?(conversation: string, type: TranscriptType, call: Call): Promise<Transcript>
}

export type OpeningRequest = {
  session: string
  client: Client
  department: string
  results: Record<string, string>
  /** The desk's id of a conversation that is there already, where the flow gave one; only some desks can take it up. */
  conversation?: string
}

export type Opened = {
  conversation: Conversation
  state: 'queued' | 'assigned'
  agent?: string
}

/** A session whose opening is settled. */
export type Conversing = Session & { conversation: Conversation }

/** `closed`: over or forgotten there, nothing can be said in it any more. */
export type Standing = ({ state: 'queued' | 'assigned'; agent?: string } | { state: 'closed' }) & {
  /** Events as the desk's own door would have brought them, oldest first, with the same ids, so that repeats are dropped. None
   *  that is older than the session, or than ids are remembered. */
  said?: AgentEvent[]
}

export type ToAgent = {
  /** With its conversation: never called before the opening is settled. */
  session: Conversing
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
  parse(posted: Posted): AgentEvent[]
  /** Pure. Keys of the answer over and above the envelope's, or in place of them; absent: none. Some desks keep what we answer. */
  reply?(posted: Posted, said: { status: string; msg: string }): Record<string, unknown>
}

export type InboundRequest = {
  headers: IncomingHttpHeaders
  query: Record<string, unknown>
}

/** What a desk posted: as JSON, and the text it came as, since numbers may have more digits than JSON keeps. */
export type Posted = { body: unknown; text: string }

/** We call the desk and stay connected, or keep asking it. Each link runs on one replica at a time. */
export type LinkInbound = { kind: 'link'; links: LinkDefinition[] }

export type LinkDefinition = {
  /** Unique within the desk; with the desk's name its name in logs, metrics and `/health/ready`: `chats`. */
  name: string
  /**
   * Keeps the connection until `link.signal` aborts, then leaves nothing behind and returns within a second. Called again,
   * after a growing pause, when it returns or throws before; never again in this process when it throws MISCONFIGURED (bad
   * credentials), which must not be thrown for anything else.
   */
  run(link: Link): Promise<void>
}

/** What a running link is given. Nothing of it may be used after the signal has aborted: another replica may be at work. */
export type Link = {
  /** Aborts when the right to run this link is lost, and at shutdown. */
  signal: AbortSignal
  log: Logger
  /** For health and metrics; `connecting` until said otherwise. */
  report(state: 'connecting' | 'connected' | 'reconnecting'): void
  /**
   * The live sessions with a conversation at this desk, each with the cursor its last event was accepted with. From then on
   * only this link's events are accepted for them. Cheap to ask every second; a session that has ended is in it no more.
   */
  sessions(): Promise<Followed[]>
  /**
   * Makes the event durable, and with it the cursor: how far this conversation has been read, in the desk's own words.
   * Resolves before the client has it; a repeat (by `event.id`) is dropped. Without an event only the cursor moves.
   * Throws STORE_UNAVAILABLE (then the same must be emitted again), and FENCED when another replica has taken over.
   */
  emit(session: Session, event: AgentEvent | undefined, cursor?: string): Promise<void>
  /** Answers `kit.links.ask` of every replica from now on, this one included; until then, and after the signal, such calls
   *  are refused as UNREACHABLE. Question and answer are JSON. The handler throws MediatorError. */
  serve(handler: (question: unknown, call: Call) => Promise<unknown>): void
}

export type Followed = { session: Conversing; cursor?: string }

export type Operated = {
  /** As an HTTP status: 200, or what the desk's refusal means (400, 403, 404, 409, 502). */
  status: number
  /** For a human. */
  msg: string
  /** What the desk answered. */
  vendor: unknown
}

export type TranscriptType = 'pdf' | 'email'

/** `sent`: the desk mails it to whoever it is for. */
export type Transcript = { kind: 'file'; contentType: string; bytes: Buffer } | { kind: 'sent' }
