/**
 * What the answer to createTicket is: a free agent, a queue, nobody at all, `failure` with status 200, a 500 in plain
 * text, none although the ticket is there, a text as ticketId, no flags, or a ticketId of more digits than a double keeps.
 */
export const modes = [
  'available',
  'queued',
  'none',
  'failure200',
  'http500',
  'timeout',
  'string-id',
  'no-flags',
  'huge-id',
] as const
export type Mode = (typeof modes)[number]

export type Settings = {
  mode: Mode
  /** Whether a messageId that came before is answered as then, and nothing is done. The specification asks for neither. */
  knowsRepeats: boolean
}

export type Agent = { name: string; id: string }

/** The documented way of the samples, the same without `body`, or all keys side by side. */
export type Shape = 'wrapped' | 'unwrapped' | 'flat'

/** One thing said on a ticket. */
export type Line = {
  by: 'client' | 'agent'
  /** Who, as the desk shows it. */
  name: string
  kind: 'text' | 'image' | 'video' | 'file'
  /** What was written, or the address of the file. */
  content: string
  /** Only what the client says has one. */
  messageId?: string
  /** Epoch ms. */
  at: number
}

export type Ticket = {
  /** As text, whatever it is on the wire. */
  id: string
  idType: 'number' | 'string'
  state: 'QUEUED' | 'OPEN' | 'ASSIGNED' | 'CLOSED'
  senderId: string
  source: string
  userName: string
  /** The whole form that made it: all keys side by side. */
  form: Record<string, unknown>
  agent?: Agent
  /** Epoch seconds. */
  assignedAt?: number
  /** Epoch seconds. */
  resolvedAt?: number
  /** Who said what, in order. */
  lines: Line[]
}

export type LoggedRequest = {
  endpoint: string
  company: string
  /** How the token came; absent when it was not the right one. */
  auth?: 'bearer' | 'raw'
  shape?: Shape
  body: unknown
  /** Absent while there is no answer. */
  status?: number
  at: number
}

/** One event posted to the mediator, and what came back. */
export type WebhookDelivery = {
  event: string
  /** As it was sent. */
  payload: string
  /** 0 for each one faults sent more of, or none of. */
  attempts: number
  /** 0 when nothing came back; absent while it was not sent. */
  status?: number
  /** The answer as it came. */
  text?: string
  /** The answer as JSON; undefined when it is none. */
  answer?: unknown
  at: number
}
