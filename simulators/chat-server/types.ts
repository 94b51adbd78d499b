/** A person in a conversation [D: `id`, `name`]; the vendor's history data has `type` too: Customer, Agent, Bot. */
export type Participant = { id: string; name: string; type?: string }

/** `contentUrl` is of the schemes http, https, file or data; `type` a media type. */
export type Attachment = { type: string; name: string; contentUrl: string; thumbnailUrl?: string }

export type ChatMessage = {
  type: 'ChatMessage'
  /** Missing only in what third parties send through a connector. */
  conversationId?: string
  from: Participant
  /** Empty for everybody. */
  to: Participant[]
  text: string
  attachments: Attachment[]
  refId?: string
  tag?: string
  id?: string
  /** ISO 8601. */
  timestamp?: string
}

export type ActivityType =
  | 'greetings'
  | 'handOff'
  | 'noAgentAvailable'
  | 'participantAdded'
  | 'participantJoined'
  | 'participantLeft'
  | 'participantRemoved'
  | 'typing'
  | 'endOfConversation'

export type ActivityMessage = {
  type: 'ActivityMessage'
  conversationId: string
  from: Participant
  to: Participant[]
  /** One of {@link ActivityType}, or whatever else a test wants to send. */
  activityType: string
  info: Record<string, unknown>
  id?: string
  timestamp?: string
}

export type Message = ChatMessage | ActivityMessage

/** What a connector posted to open a conversation, as it came. */
export type InitRequest = Record<string, unknown> & { channel: string }

export type Conversation = {
  id: string
  customer: Participant
  request: InitRequest
  isOpen: boolean
  /** Who ended it; missing while it is open. */
  endedBy?: 'customer' | 'agent'
  isCustomerRemoved: boolean
  /** Everybody in it, the customer first. */
  participants: Participant[]
  /** Both kinds of messages, in the order the server got or made them. */
  messages: Message[]
  /** The ids of the sockets that have joined it. */
  members: Set<string>
  /** How often a join was confirmed. */
  joins: number
}
