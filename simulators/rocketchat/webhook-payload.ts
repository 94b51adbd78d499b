import { fileUploadOf } from './file-links.ts'
import type { Message, Room, Visitor, WebhookType } from './types.ts'
import type { Announcement, WorkspaceCore } from './workspace.ts'

type Body = Record<string, unknown>

/** The body of a webhook, as of now: a retry sends the same snapshot. */
export function webhookBody(
  workspace: WorkspaceCore,
  type: WebhookType,
  room: Room,
  { messages = [], extras = {} }: Announcement,
): Body {
  const visitor = workspace.state.visitors.get(room.v._id)
  const visible = messages.filter(message => !message.t || message.t === 'livechat-close')
  return {
    _id: room._id,
    label: room.fname,
    topic: room.topic,
    createdAt: room.ts,
    lastMessageAt: room.lm,
    tags: room.tags,
    customFields: room.livechatData,
    visitor: visitor && visitorPart(workspace, visitor),
    agent: agentPart(workspace, room),
    crmData: room.crmData,
    type,
    messages: visible.map(message => messagePart(workspace, room, message)),
    ...extras,
  }
}

/** From the visitor's record as it is now, so a changed token shows also for older rooms. */
function visitorPart({ traits }: WorkspaceCore, visitor: Visitor): Body {
  const { _id, token, name, username, department, livechatData } = visitor
  const missing = traits.nullContacts ? null : undefined
  const email = visitor.visitorEmails ?? missing
  const phone = visitor.phone ?? missing
  return { _id, token, name, username, department, email, phone, customFields: livechatData }
}

function agentPart({ state, traits }: WorkspaceCore, { servedBy }: Room): Body | undefined {
  const agent = servedBy && state.agents.get(servedBy._id)
  if (!agent) return undefined
  const { _id, username, name, email } = agent
  return { _id, username, name, email: traits.nullContacts ? null : email }
}

function messagePart(workspace: WorkspaceCore, room: Room, message: Message): Body {
  const { _id, u, ts, rid, _updatedAt, editedAt, file, attachments } = message
  const { messageMeta } = workspace.traits
  return {
    u,
    _id,
    username: u.username,
    msg: textOf(workspace, message),
    ts,
    ...(u._id !== room.v._id && { agentId: u._id }),
    ...(messageMeta && { rid, _updatedAt }),
    editedAt,
    ...(message.t === 'livechat-close' && { closingMessage: true }),
    ...(file && { file, attachments, fileUpload: fileUploadOf(workspace, file) }),
  }
}

/** Missing for a message that is only a file, and empty up to 5.2. */
function textOf({ traits }: WorkspaceCore, { msg, file }: Message): string | undefined {
  return msg === '' && file && !traits.emptyTextForFiles ? undefined : msg
}
