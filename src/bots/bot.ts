import type { ZodType } from 'zod'
import type { Message } from '../domain/message.ts'
import type { Client, EndReason, Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Kit } from '../lib/kit.ts'

/** One kind of bot, as the registry lists it. */
export type BotDefinition<Settings = unknown> = {
  type: string
  settings: ZodType<Settings>
  secrets(settings: Settings): string[]
  create(settings: Settings, kit: Kit): Bot
  inbound: BotInbound
}

/** The client's side. The same rules as for a desk: MediatorError only, `call.signal` obeyed, no one's words in a log. */
export type Bot = {
  name: string
  /** The pieces a message is sent in, in order, each one call of `sendToClient`. May ask the bot what it can take. */
  pieces(message: Message, call: Call): Promise<Message[]>
  /** Sends one piece to the client. Throws REJECTED when the bot will never deliver it. */
  sendToClient(session: Session, message: Message, call: Call): Promise<void>
  /** Hands the person back to the bot. Nothing to do where no flow is configured for it. */
  endHandoff(session: Session, ending: { reason: EndReason; agent?: string }, call: Call): Promise<void>
}

/** How this kind of bot calls us. The schemas validate, type and document the routes; the readers are pure. */
export type BotInbound = {
  registerBody: ZodType
  clientMessageBody: ZodType
  /** Takes what `registerBody` let through. */
  toRegistration(body: unknown): Registering
  /** Takes what `clientMessageBody` let through; throws MediatorError INVALID when nothing was said. */
  toClientMessage(body: unknown, idempotencyKey: string | undefined): Saying
}

export type Registering = {
  client: Client
  department: string
  results: Record<string, string>
  /** The desk's id of a conversation that is there already, where the flow knows one. */
  conversation?: string
  /** What the client speaks: an ISO 639 code of two or three letters, perhaps with a region (`es`, `spa`, `es-GT`). */
  language?: string
}

/** `id`: the sender's own id of the message. */
export type Saying = { client: Client; id?: string; message: Message }
