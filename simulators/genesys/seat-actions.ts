import { type Arguments, optional, optionalNumber, required } from './arguments.ts'
import { agentsIn, append, endChat, leave, setSeat } from './chats.ts'
import { Refusal } from './refusal.ts'
import { bringIn, joinAgent, mayBringIn, routeChat } from './routing.ts'
import { userNamed } from './state.ts'
import type { Chat, EntryType, Participant, User } from './types.ts'
import type { Workspace } from './workspace.ts'

/** A seat's operation on a chat that it may do now. */
export type Doing = { workspace: Workspace; chat: Chat; seat: User; args: Arguments }

/** The seat as a participant: only asked for where its state says that it is one. */
function self({ chat, seat }: Doing): Participant {
  const own = chat.participants.find(({ user }) => user === seat.userName)
  if (!own) throw new Refusal(5, 'not a participant')
  return own
}

/** Told in this order: the state without participants, the participants, and the whole history [D]. */
export function accept(doing: Doing): void {
  const { workspace, chat, seat, args } = doing
  joinAgent(workspace, chat, seat, required(args, 'nickname'))
  setSeat(workspace, chat, seat.userName, 'Chatting')
  workspace.tell({ kind: 'participants', chat, seat: seat.userName })
  tellHistory(doing, 1)
}

export function reject({ workspace, chat, seat }: Doing): void {
  setSeat(workspace, chat, seat.userName, 'Gone')
  routeChat(workspace, chat)
}

export function endSession(doing: Doing): void {
  endChat(doing.workspace, doing.chat, self(doing))
}

/** Ends the chat, too, where it still goes on [D]. */
export function complete({ workspace, chat, seat }: Doing): void {
  const own = chat.participants.find(({ user }) => user === seat.userName)
  if (own) endChat(workspace, chat, own)
  setSeat(workspace, chat, seat.userName, 'Completed')
}

type Said = { field?: 'text' | 'noticeText'; visibility?: 'Agents' }

/** A line of the seat's; its words, where the line has any, are in the argument `field`. */
export function saying(type: EntryType, { field, ...more }: Said = {}) {
  return (doing: Doing): void => {
    const words = field && { [field]: required(doing.args, field) }
    append(doing.workspace, doing.chat, type, self(doing), { ...words, ...more })
  }
}

/** The history comes as a notification. */
export function requestHistory(doing: Doing): void {
  tellHistory(doing, optionalNumber(doing.args, 'eventId') ?? 1)
}

function tellHistory({ workspace, chat, seat }: Doing, from: number): void {
  const entries = chat.log.filter(({ index }) => index >= from)
  workspace.tell({ kind: 'history', chat, seat: seat.userName, entries })
}

export function invite(field: 'agentId' | 'targetUri') {
  return ({ workspace, chat, args, seat }: Doing): void => {
    bringIn(workspace, chat, colleague(workspace, required(args, field), seat))
  }
}

/** By id, `userName` or URI: which of them an `agentId` is, is not documented. */
function colleague({ state }: Workspace, name: string, seat: User): User {
  const user = userNamed(state, name)
  if (!user || user === seat) throw new Refusal(2, 'no such agent')
  return user
}

/** Leaves at once; whoever takes over joins after that. Also takes the targets of the later operation `Transfer`. */
export function transfer(doing: Doing): void {
  const { workspace, chat, args, seat } = doing
  const name = optional(args, 'agentId') ?? optional(args, 'targetUri')
  const user = name === undefined ? undefined : colleague(workspace, name, seat)
  if (user) mayBringIn(user)
  else chat.routing = routingTo(doing)
  goAway(doing)
  if (user) bringIn(workspace, chat, user)
  else routeChat(workspace, chat)
}

function routingTo({ workspace, args }: Doing) {
  const skill = optional(args, 'skill')
  const queue = optional(args, 'queueName')
  const { users, endpoints } = workspace.state
  const agents = [...users.values()].filter(({ skills }) => skill && skills.includes(skill))
  if (skill && agents.length > 0) return { agents: agents.map(({ userName }) => userName) }
  const routing = queue === undefined ? undefined : endpoints.get(queue)
  if (routing) return routing
  throw skill || queue ? new Refusal(2, 'no such target') : new Refusal(1, 'the target')
}

/** Told as LeftChat, then as Completed [D]. */
function goAway(doing: Doing): void {
  const { workspace, chat, seat } = doing
  leave(workspace, chat, self(doing))
  setSeat(workspace, chat, seat.userName, 'LeftChat')
  setSeat(workspace, chat, seat.userName, 'Gone')
}

/** The last agent cannot leave the interaction to nobody: the chat ends, and waits for Complete [I]. */
export function leaveConference(doing: Doing): void {
  if (agentsIn(doing.chat).length > 1) goAway(doing)
  else endSession(doing)
}

/** LeaveConference names who leaves: only the seat itself may be named. */
export function leaveByName(doing: Doing): void {
  const { workspace, args, seat } = doing
  if (userNamed(workspace.state, required(args, 'agentId')) !== seat)
    throw new Refusal(5, 'agentId is not your own')
  leaveConference(doing)
}
