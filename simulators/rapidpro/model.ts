/** The things a RapidPro workspace holds, as the simulator keeps them. Times are epoch milliseconds. */
export type Reference = { uuid: string; name: string }
type ContactStatus = 'active' | 'blocked' | 'stopped' | 'archived'

export type Contact = {
  id: number
  uuid: string
  name: string | null
  status: ContactStatus
  language: string | null
  /** Preferred one first, as `scheme:path#display`. */
  urns: string[]
  groups: Reference[]
  fields: Record<string, string | null>
  /** The flow they are in now. */
  flow: Reference | null
  /** UUIDs of the flows they have been started in. */
  pastFlows: Set<string>
  createdOn: number
  modifiedOn: number
  /** Grows with every change to any contact: the order of contacts.json. */
  revision: number
  lastSeenOn: number | null
  deleted: boolean
}

export type Attachment = { content_type: string; url: string }
type MessageStatus = 'handled' | 'queued' | 'sent' | 'failed'

export type Message = {
  id: number
  uuid: string
  contact: Contact
  direction: 'in' | 'out'
  status: MessageStatus
  /** Why it failed: `contact`, `no_destination` or `looping`; not shown by the API. */
  failure: string | null
  urn: string | null
  text: string
  attachments: Attachment[]
  quickReplies: unknown[]
  broadcast: number | null
  flow: Reference | null
  archived: boolean
  /** Incoming and not yet handled: the API leaves it out. */
  pending: boolean
  createdOn: number
  sentOn: number | null
}

export type Broadcast = {
  id: number
  uuid: string
  urns: string[]
  contacts: Contact[]
  groups: Reference[]
  text: Record<string, string>
  attachments: Record<string, Attachment[]>
  baseLanguage: string
  status: 'queued' | 'sent'
  createdOn: number
}

export type FlowStart = {
  id: number
  uuid: string
  flow: Reference
  contacts: Contact[]
  groups: Reference[]
  urns: string[]
  params: Record<string, unknown> | null
  restartParticipants: boolean
  excludeActive: boolean
  status: 'pending' | 'completed'
  createdOn: number
}

export type ContactAction = { action: string; contacts: string[]; group: string | null; at: number }
export type Media = {
  uuid: string
  contentType: string
  filename: string
  url: string
  size: number
  data: Buffer
}

/** One request the API was asked, with its answer's status; `body` as parsed, undefined for a file. */
export type LoggedRequest = {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: unknown
  status: number
  at: number
}
