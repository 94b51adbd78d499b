/** The workspace's records, as the vendor shows them in its answers. Dates are ISO strings. */

export type Person = { _id: string; username: string; name?: string }
type Contact = { phone?: { phoneNumber: string }[]; visitorEmails?: { address: string }[] }

export type Visitor = Contact & {
  _id: string
  token: string
  username: string
  name?: string
  department?: string
  status: string
  ts: string
  _updatedAt: string
  livechatData: Record<string, string>
  disabled?: boolean
  contactId?: string
  externalIds?: { source: string; id: string }[]
}

export type Agent = Person & { name: string; email: string; online: boolean }

export type Department = {
  _id: string
  name: string
  enabled: boolean
  showOnRegistration: boolean
  showOnOfflineForm: boolean
  /** Usernames of its agents. */
  agents: string[]
  /** Asks for tags on closing, which a visitor cannot give. */
  requestTagBeforeClosingChat?: boolean
}

type Closing = {
  closedAt: string
  closedBy: { _id: string; username: string }
  closer: 'user' | 'visitor'
}
type ServedBy = { _id: string; username: string; ts: string }

export type Room = Partial<Closing> & {
  _id: string
  t: 'l'
  fname: string
  open?: true
  v: { _id: string; username: string; token: string; status: string }
  departmentId?: string
  servedBy?: ServedBy
  source: { type: 'api' | 'widget' }
  ts: string
  lm: string
  msgs: number
  usersCount: number
  cl: boolean
  waitingResponse?: true
  queuedAt: string
  livechatData: Record<string, string>
  topic?: string
  tags?: string[]
  crmData?: string
  contactId?: string
  _updatedAt: string
}

export type FileRef = { _id: string; name: string; type: string; size?: number }
export type FileUpload = { publicFilePath: string; type: string; size: number }

export type Message = {
  _id: string
  rid: string
  /** The kind of a system message; absent for what a person wrote. */
  t?: string
  msg: string
  ts: string
  u: Person
  _updatedAt: string
  /** Present on what the visitor wrote, and only there. */
  token?: string
  alias?: string
  file?: FileRef
  files?: FileRef[]
  attachments?: Record<string, unknown>[]
  editedAt?: string
  urls?: unknown[]
  mentions?: unknown[]
  channels?: unknown[]
  md?: unknown[]
  transferData?: Record<string, unknown>
}

export type Upload = { _id: string; rid: string; userId: string; name: string; type: string; data: Buffer }

export type WebhookType =
  | 'Message'
  | 'LivechatSessionStart'
  | 'LivechatSessionQueued'
  | 'LivechatSessionTaken'
  | 'LivechatSessionForwarded'
  | 'LivechatSession'
  | 'LivechatEdit'
  | 'LeadCapture'
  | 'LivechatOfflineMessage'

export type LoggedRequest = {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: unknown
  /** Absent while unanswered, and for ever when the connection was cut before an answer. */
  status?: number
  /** Milliseconds since the epoch. */
  at: number
}

/** One webhook: `status` is that of the last try, 0 for a network error or a timeout, undefined before one. */
export type WebhookDelivery = {
  type: WebhookType
  body: Record<string, unknown>
  status?: number
  attempts: number
  at: number
}
