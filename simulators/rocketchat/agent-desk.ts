import { refusePlainly } from './envelope.ts'
import { type NewFile, postUpload, storeUpload } from './files.ts'
import { changeMessage, saveMessage, saveSystemMessage } from './messages.ts'
import { assignRoom, closeRoom, forwardToAgent, forwardToDepartment } from './rooms.ts'
import { agentNamed, rocketCat } from './state.ts'
import type { Agent, Message, Room } from './types.ts'
import type { Workspace } from './workspace.ts'

/** `ts` is an ISO instant; `agent` a username, by default who serves the room. */
type Saying = { agent?: string; msgId?: string; ts?: string }
type AgentFile = {
  name: string
  type: string
  data: Buffer | string
  caption?: string
  agent?: string
}

/**
 * What agents do in Rocket.Chat's own window. Rooms are named by room id or by the visitor's token. Each resolves
 * when the action is done there, which on older releases includes the first try of its webhook. All throw an Error
 * with the vendor's code on what an agent could not do (`error-invalid-room`, `room-closed`, `error-invalid-agent`).
 */
export type AgentDesk = {
  /** Takes a waiting room; the agent is by default any online one. */
  takeRoom(rid: string, agent?: string): Promise<Room>
  /** Writes to the visitor. A room nobody serves is taken first. */
  say(rid: string, text: string, options?: Saying): Promise<Message>
  /** Sends a file; a string as `data` is its text. */
  sendFile(rid: string, file: AgentFile): Promise<Message>
  editMessage(msgId: string, text: string): Promise<Message>
  close(rid: string, options?: { comment?: string; agent?: string }): Promise<Room>
  /** Moves the room to an agent (username) or a department (name or `_id`). */
  forward(rid: string, to: { agent?: string; department?: string }): Promise<Room>
  /** Answers one message: the text starts with the vendor's empty-label link to it. */
  quote(rid: string, text: string, quotedMsgId: string): Promise<Message>
  /** Presses "Send Test". Resolves to the status of the answer, 0 when there was none. */
  sendTestCall(): Promise<number>
  /** Lets the server write "user joined", which is told to no webhook. */
  systemMessage(rid: string): Message
  setAgentOnline(username: string, online: boolean): void
  openRoomOf(token: string): Room | undefined
}

export function createAgentDesk(workspace: Workspace): AgentDesk {
  const { state, settings } = workspace
  const say = async (rid: string, text: string, { agent, msgId, ts }: Saying = {}) => {
    const room = await servedRoom(workspace, rid, agent)
    const more = { ...(msgId && { _id: msgId }), ...(ts && { ts }) }
    return saveMessage(workspace, room, { msg: text, u: authorOf(workspace, room, agent), ...more })
  }
  return {
    say,
    takeRoom: (rid, agent) => takeRoom(workspace, rid, agent),
    sendFile: (rid, file) => sendFile(workspace, rid, file),
    editMessage: (msgId, text) => editMessage(workspace, msgId, text),
    close: async (rid, { comment = '', agent } = {}) => {
      const room = openRoom(workspace, rid)
      await closeRoom(workspace, room, { closer: 'user', by: authorOf(workspace, room, agent), comment })
      return room
    },
    forward: (rid, to) => forward(workspace, rid, to),
    quote: (rid, text, quotedMsgId) => {
      const room = openRoom(workspace, rid)
      return say(rid, `[ ](${settings.Site_Url}/live/${room._id}?msg=${quotedMsgId}) ${text}`)
    },
    sendTestCall: () => workspace.testWebhook(),
    systemMessage: rid => saveSystemMessage(workspace, openRoom(workspace, rid), 'uj', rocketCat, 'ana'),
    setAgentOnline: (username, online) => {
      agentOf(workspace, username).online = online
    },
    openRoomOf: token => state.index.openRoomByToken.get(token),
  }
}

function openRoom({ state }: Workspace, ridOrToken: string): Room {
  const room = state.rooms.get(ridOrToken) ?? state.index.openRoomByToken.get(ridOrToken)
  if (!room) throw refusePlainly('error-invalid-room')
  if (!room.open) throw refusePlainly('room-closed')
  return room
}

function agentOf({ state }: Workspace, username: string): Agent {
  const agent = agentNamed(state, username)
  if (!agent) throw refusePlainly('error-invalid-agent')
  return agent
}

/** The one named, else who serves the room, else any online agent of its department. */
function acting(workspace: Workspace, room: Room, username?: string): Agent {
  if (username) return agentOf(workspace, username)
  if (room.servedBy) return agentOf(workspace, room.servedBy.username)
  const agents = [...workspace.state.agents.values()]
  const department = workspace.state.departments.get(room.departmentId ?? '')
  const agent =
    agents.find(({ online, username }) => online && department?.agents.includes(username)) ??
    agents.find(({ online }) => online)
  if (!agent) throw refusePlainly('error-invalid-agent')
  return agent
}

function authorOf(workspace: Workspace, room: Room, username?: string) {
  const { _id, username: own, name } = acting(workspace, room, username)
  return { _id, username: own, name }
}

async function takeRoom(workspace: Workspace, rid: string, username?: string): Promise<Room> {
  const room = openRoom(workspace, rid)
  if (room.servedBy) throw refusePlainly('error-inquiry-already-taken')
  await assignRoom(workspace, room, acting(workspace, room, username))
  return room
}

async function servedRoom(workspace: Workspace, rid: string, username?: string): Promise<Room> {
  const room = openRoom(workspace, rid)
  return room.servedBy ? room : takeRoom(workspace, rid, username)
}

async function sendFile(workspace: Workspace, rid: string, { agent, caption, data, ...file }: AgentFile) {
  const room = await servedRoom(workspace, rid, agent)
  const u = authorOf(workspace, room, agent)
  const upload = storeUpload(workspace, room, u, { ...file, data: Buffer.from(data) } satisfies NewFile)
  return postUpload(workspace, room, upload, { u, ...(caption !== undefined && { description: caption }) })
}

async function editMessage(workspace: Workspace, msgId: string, text: string): Promise<Message> {
  const message = workspace.state.messages.get(msgId)
  const room = message && workspace.state.rooms.get(message.rid)
  if (!message || !room) throw refusePlainly('invalid-message')
  await changeMessage(workspace, room, message, text)
  return message
}

async function forward(workspace: Workspace, rid: string, to: { agent?: string; department?: string }) {
  const room = openRoom(workspace, rid)
  const by = authorOf(workspace, room)
  if (to.agent) await forwardToAgent(workspace, room, agentOf(workspace, to.agent), by)
  else await forwardToDepartment(workspace, room, departmentId(workspace, to.department), by)
  return room
}

function departmentId({ state }: Workspace, nameOrId = ''): string {
  const known = [...state.departments.values()].find(({ _id, name }) => [_id, name].includes(nameOrId))
  return known?._id ?? nameOrId
}
