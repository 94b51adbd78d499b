import type { IncomingHttpHeaders } from 'node:http'
import type { Conversation } from './types.ts'

/** Something that happened on a socket. `event` is empty for `connected`; for `disconnected` it is the reason. */
export type SocketEvent = {
  kind: 'connected' | 'received' | 'sent' | 'disconnected'
  socket: string
  event: string
  payload: unknown
  /** What a received event was acknowledged with; missing where it was not. */
  acked?: unknown[]
  /** Milliseconds since the epoch. */
  at: number
}

/** A message the server threw away without a word, and why. */
export type Lost = {
  socket: string
  reason: 'not-joined' | 'unknown-conversation' | 'ended' | 'wrong-sender' | 'malformed' | 'refused'
  payload: unknown
}

/** `status` is missing while there is no answer; `reason` says why a call was refused, which the answer does not. */
export type LoggedRequest = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: unknown
  status?: number
  reason?: string
  at: number
}

export type Connector = { socket: string; id: string; name: string; channel: string; isAccepted: boolean }

/** Everything the server knows and has seen. Records are never cleared, conversations only by `forget`. */
export type State = {
  /** By id, in the order they were opened. */
  conversations: Map<string, Conversation>
  /** Every event of every socket, both ways, in order. */
  events: SocketEvent[]
  lost: Lost[]
  /** Every `registerConnector` with three texts, in order. */
  connectors: Connector[]
  /** Calls of the REST interface, in order. */
  requests: LoggedRequest[]
}

export function createState(): State {
  return { conversations: new Map(), events: [], lost: [], connectors: [], requests: [] }
}
