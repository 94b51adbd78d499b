/** What the simulated contact centre knows. Times are milliseconds since the epoch. */

/** Where a new chat goes: nowhere by itself, to the first agent who is available, or as an invitation to a seat. */
export type Routing = 'queue' | { agents: string[] } | { seats: string[] }

/** Somebody who works here. With a password it is a seat: a login that software can hold. */
export type User = {
  /** 32 hexadecimal digits: the last part of `/users/<id>`. */
  id: string
  userName: string
  password?: string
  firstName: string
  lastName: string
  skills: string[]
  /** Agents only: takes chats that are routed to it. */
  available: boolean
  /** Agents only: `by-hand` waits for the driver `agentJoins`. */
  answers: 'at-once' | 'by-hand'
  /** Seats only: a contact centre session has been started, and `Ready` has been said in it. */
  isLoggedIn: boolean
  isReady: boolean
}

export type Participant = {
  /** Unique within the chat, from 1. */
  number: number
  type: 'Customer' | 'Agent' | 'External'
  nickname: string
  /** `userName` of an agent or a seat. */
  user?: string
}

export type EntryType =
  | 'Text'
  | 'ParticipantJoined'
  | 'ParticipantLeft'
  | 'TypingStarted'
  | 'TypingStopped'
  | 'Notice'
  | 'CustomNotice'

/** One line of the log that all legs of a chat share. */
export type LogEntry = {
  /** From 1, without gaps; a leg that may not see every line sees gaps. */
  index: number
  type: EntryType
  from: Participant
  text?: string
  noticeText?: string
  visibility: 'All' | 'Agents'
  at: number
}

/**
 * What a seat is to a chat. `LeftChat`: the chat is over and waits for `Complete`; `Gone`: the seat rejected, left or
 * transferred it and has nothing to do with it any more.
 */
export type SeatState = 'Invited' | 'Chatting' | 'LeftChat' | 'Completed' | 'Revoked' | 'Gone'

/** One request for messages: `index` (GMS: `transcriptPosition`) as asked, undefined when absent. */
export type Poll = { index: number | undefined; at: number }

export type Chat = {
  /** The customer's id: like a UUID at GWS, like an interaction id at GMS. */
  id: string
  /** The seats' id, never the customer's. */
  interactionId: string
  /** How its customer reached us; `driver` is one that plays by the drivers. */
  leg: 'gws' | 'gms' | 'driver'
  /** What a GMS customer must show with each call. */
  keys?: { userId: string; secureKey: string; alias: string }
  nickname: string
  subject: string
  /** Endpoint at GWS, service at GMS. */
  endpoint: string
  userData: Record<string, string>
  state: 'WaitingForAgent' | 'Chatting' | 'Idle'
  /** Whether the customer may still do anything; false on a chat that is over without saying so. */
  isOpenToCustomer: boolean
  routing: Routing
  /** Those present. */
  participants: Participant[]
  log: LogEntry[]
  seats: Map<string, SeatState>
  polls: Poll[]
  /** The highest index the customer was given, for a poll without an index. */
  given: number
  at: number
}

export type LoggedRequest = {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: unknown
  /** Absent while unanswered, when the connection was cut before an answer, and on answers of the Bayeux server. */
  status?: number
  at: number
}
