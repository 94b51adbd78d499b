import type { Message } from './message.ts'
import type { EndReason } from './session.ts'

/** The way a mailbox goes. */
export type Direction = 'to_agent' | 'to_client'

/** What is needed to open a conversation, tried at each desk in order. */
export type Opening = {
  desks: string[]
  /** Answers the flow collected, name → value; a desk may show some of them to the agent. */
  results: Record<string, string>
  /** The desk's id of a conversation that is there already, where the flow knows one. */
  conversation?: string
  /**
   * False while the registering caller still waits for the outcome: then a failure leaves nothing behind.
   * True once the caller was answered "queued": then the opening is owed like any message.
   */
  promised: boolean
}

/** What a mailbox holds. Opening, closing and handing back stand in line with the messages, so order is one thing. */
export type Item =
  | { kind: 'open'; opening: Opening }
  | { kind: 'message'; message: Message; piece?: 'more' | 'last' }
  /** Words of our own to the human on that side. */
  | { kind: 'notice'; text: string }
  /** Close the conversation at the desk (to_agent only). */
  | { kind: 'close'; reason: EndReason }
  /** Find and close what an opening for this client may have left at that desk; `of` is the session it was opened for.
   *  (to_agent only) */
  | { kind: 'undo'; desk: string; of: string }
  /** Hand the person back to the bot (to_client only). */
  | { kind: 'end'; reason: EndReason; agent?: string }

export type Entry = Item & {
  /** Stable over retries and replays; unique within its session and direction. */
  id: string
  /** When it was accepted, epoch ms. */
  at: number
}

/** How long an `undo` waits, in ms, so that what the desk is just carrying out is there to be found. */
export const UNDO_AFTER_MS = 5_000

/** The state of a mailbox's head. */
export type Attempts = {
  /** Failed attempts so far; those in which the process died are among them. */
  count: number
  /** The human who wrote was told of the present delay. */
  told: boolean
}

/** The right to work on one mailbox, until it is settled, runs out, or somebody else has taken it over. */
export type Turn = {
  session: string
  direction: Direction
  fence: number
}

export type DeadLetter = {
  id: string
  direction: Direction
  desk: string
  userid: string
  session: string
  /** The desk's id of it; '' where there was none. */
  conversation: string
  reason: string
  attempts: number
  /** Epoch ms. */
  at: number
}
