import { refusePlainly, refuseWithCode } from './envelope.ts'
import { newId } from './ids.ts'
import { saveSystemMessage } from './messages.ts'
import { defaultDepartment, nextAgent, onlineAgents } from './online.ts'
import { messagesOf } from './state.ts'
import type { Agent, Person, Room, Visitor } from './types.ts'
import { isoNow, type Workspace } from './workspace.ts'

export type Opening = { agentId?: string; source?: 'api' | 'widget' }

/** The visitor's open room, or a new one, routed. Throws `no-agent-online` and its kin. */
export async function findOrOpenRoom(workspace: Workspace, visitor: Visitor, opening: Opening = {}) {
  const known = workspace.state.index.openRoomByToken.get(visitor.token)
  if (known) return { room: known, newRoom: false }
  if (!workspace.settings.Livechat_enabled) throw refuseWithCode('error-omnichannel-is-disabled')
  const departmentId = visitor.department ?? defaultDepartment(workspace)?._id
  const agent = admit(workspace, departmentId, opening.agentId)
  const room = createRoom(workspace, visitor, departmentId, opening.source)
  const { startCarriesDepartment } = workspace.traits
  await workspace.announce('LivechatSessionStart', room, {
    extras: startCarriesDepartment ? { departmentId } : {},
  })
  saveSystemMessage(workspace, room, 'livechat-started', visitor)
  await routeRoom(workspace, room, agent)
  return { room, newRoom: true }
}

/** Refuses a new room nobody could serve; answers the agent asked for, if any. */
function admit(workspace: Workspace, departmentId?: string, agentId?: string): Agent | undefined {
  const online = onlineAgents(workspace, departmentId)
  const agent = agentId ? online.find(({ _id }) => _id === agentId) : undefined
  if (workspace.settings.Livechat_accept_chats_with_no_agents) return agent
  if (online.length === 0 || (agentId && !agent))
    throw refuseWithCode('no-agent-online', 'Sorry, no online agents')
  return agent
}

function createRoom(
  workspace: Workspace,
  visitor: Visitor,
  departmentId?: string,
  source: 'api' | 'widget' = 'api',
): Room {
  const now = isoNow(workspace)
  const { _id, username, token, status } = visitor
  const room: Room = {
    _id: newId(),
    t: 'l',
    fname: visitor.name ?? username,
    open: true,
    v: { _id, username, token, status },
    ...(departmentId && { departmentId }),
    source: { type: source },
    ts: now,
    lm: now,
    msgs: 0,
    usersCount: 1,
    cl: false,
    waitingResponse: true,
    queuedAt: now,
    livechatData: {},
    ...(workspace.traits.contacts === 'room' && { contactId: newId() }),
    _updatedAt: now,
  }
  workspace.state.rooms.set(room._id, room)
  workspace.state.index.openRoomByToken.set(token, room)
  return room
}

/** Gives a room to an agent at once where the settings do so, else leaves it in the queue. */
async function routeRoom(workspace: Workspace, room: Room, wanted?: Agent): Promise<void> {
  const { settings, traits } = workspace
  const isAutomatic =
    settings.Livechat_Routing_Method === 'Auto_Selection' && !settings.Livechat_waiting_queue
  const agent = wanted ?? (isAutomatic ? nextAgent(workspace, room.departmentId) : undefined)
  if (!agent || traits.queuedWhenAssigned) await announceQueued(workspace, room)
  if (agent) await assignRoom(workspace, room, agent)
}

function announceQueued(workspace: Workspace, room: Room): Promise<void> {
  const { departmentId } = room
  return workspace.announce('LivechatSessionQueued', room, {
    messages: messagesOf(workspace.state, room._id),
    extras: { departmentId },
  })
}

/** Makes an agent serve an open room. */
export async function assignRoom(workspace: Workspace, room: Room, agent: Agent): Promise<void> {
  const { _id, username } = agent
  room.servedBy = { _id, username, ts: isoNow(workspace) }
  room.usersCount = 2
  saveSystemMessage(workspace, room, 'command', agent, 'connected')
  const { departmentId, servedBy } = room
  await workspace.announce('LivechatSessionTaken', room, {
    messages: messagesOf(workspace.state, room._id),
    extras: { departmentId, servedBy },
  })
}

/** Moves an open room to another agent: `Taken`, then `Forwarded`. */
export async function forwardToAgent(
  workspace: Workspace,
  room: Room,
  agent: Agent,
  by: Person,
): Promise<void> {
  const oldServedBy = room.servedBy
  saveTransfer(workspace, room, by, { scope: 'agent', transferredTo: agent.username })
  await assignRoom(workspace, room, agent)
  await announceForwarded(workspace, room, { oldServedBy })
}

/**
 * Moves an open room to another department (an `_id`) and routes it anew. Throws `error-invalid-department`,
 * `error-forwarding-chat-same-department`, `error-no-agents-online-in-department`.
 */
export async function forwardToDepartment(
  workspace: Workspace,
  room: Room,
  departmentId: string,
  by: Person,
) {
  if (!workspace.state.departments.has(departmentId)) throw refusePlainly('error-invalid-department')
  const oldDepartmentId = room.departmentId
  if (departmentId === oldDepartmentId) throw refusePlainly('error-forwarding-chat-same-department')
  const isOpen = workspace.settings.Livechat_accept_chats_with_no_agents
  if (!isOpen && onlineAgents(workspace, departmentId).length === 0)
    throw refusePlainly('error-no-agents-online-in-department')
  room.departmentId = departmentId
  delete room.servedBy
  saveTransfer(workspace, room, by, { scope: 'department', nextDepartment: { _id: departmentId } })
  await announceQueued(workspace, room)
  const isAutomatic = workspace.settings.Livechat_Routing_Method === 'Auto_Selection'
  const agent = isAutomatic ? nextAgent(workspace, departmentId) : undefined
  if (agent) await assignRoom(workspace, room, agent)
  await announceForwarded(workspace, room, { oldDepartmentId })
}

function saveTransfer(
  workspace: Workspace,
  room: Room,
  by: Person,
  transferData: Record<string, unknown>,
): void {
  saveSystemMessage(workspace, room, 'livechat_transfer_history', by, '', { transferData })
}

function announceForwarded(workspace: Workspace, room: Room, old: Record<string, unknown>): Promise<void> {
  const { departmentId, servedBy } = room
  return workspace.announce('LivechatSessionForwarded', room, {
    messages: messagesOf(workspace.state, room._id),
    extras: { departmentId, servedBy, ...old },
  })
}

export type Closer = { closer: 'user' | 'visitor'; by: Person; comment: string }

/** Closes an open room for good. */
export async function closeRoom(
  workspace: Workspace,
  room: Room,
  { closer, by, comment }: Closer,
): Promise<void> {
  delete room.open
  delete room.waitingResponse
  const closedBy = { _id: by._id, username: by.username }
  Object.assign(room, { closedAt: isoNow(workspace), closedBy, closer })
  workspace.state.index.openRoomByToken.delete(room.v.token)
  const token = closer === 'visitor' ? { token: room.v.token } : {}
  const closing = saveSystemMessage(workspace, room, 'livechat-close', by, comment, token)
  if (workspace.traits.closingIsMessage) await workspace.announce('Message', room, { messages: [closing] })
  const { departmentId, servedBy, closedAt } = room
  await workspace.announce('LivechatSession', room, {
    messages: messagesOf(workspace.state, room._id),
    extras: { departmentId, servedBy, closedAt, closedBy, closer },
  })
}

/** The room of this id and this visitor token, open or closed. Throws `invalid-room`. */
export function findRoom({ state }: Workspace, token: string, rid: string): Room {
  const room = state.rooms.get(rid)
  if (room?.v.token !== token) throw refusePlainly('invalid-room')
  return room
}
