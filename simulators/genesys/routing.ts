import { join, setSeat } from './chats.ts'
import { Refusal } from './refusal.ts'
import type { Chat, Participant, Routing, User } from './types.ts'
import type { Workspace } from './workspace.ts'

/** Where chats for this endpoint go; undefined for an endpoint that does not exist. */
export function routingOf({ state }: Workspace, endpoint: string): Routing | undefined {
  return state.endpoints.get(endpoint)
}

/** Finds somebody for a chat that waits. Seats that have had it already are not asked again. */
export function routeChat(workspace: Workspace, chat: Chat): void {
  const { state, isOpenToCustomer, routing } = chat
  if (state !== 'WaitingForAgent' || !isOpenToCustomer || routing === 'queue') return
  if ('agents' in routing) letAgentTake(workspace, chat, routing.agents)
  else inviteFirst(workspace, chat, routing.seats)
}

/** Again for every chat that waits: somebody has become free. */
export function routeWaiting(workspace: Workspace): void {
  for (const chat of workspace.state.chats.values()) routeChat(workspace, chat)
}

function letAgentTake(workspace: Workspace, chat: Chat, names: string[]): void {
  const users = names.map(name => workspace.state.users.get(name))
  const agent = users.find(user => user?.available && user.answers === 'at-once')
  if (agent) joinAgent(workspace, chat, agent)
}

function inviteFirst(workspace: Workspace, chat: Chat, names: string[]): void {
  if ([...chat.seats.values()].includes('Invited')) return
  const users = names.map(name => workspace.state.users.get(name))
  const seat = users.find(user => user?.isReady && !chat.seats.has(user.userName))
  if (seat) setSeat(workspace, chat, seat.userName, 'Invited')
}

export function joinAgent(
  workspace: Workspace,
  chat: Chat,
  user: User,
  nickname = user.firstName,
): Participant {
  return join(workspace, chat, { type: 'Agent', nickname, user: user.userName })
}

/**
 * Asks one colleague in. An agent joins at once, or by the driver `agentJoins`; a seat gets an invitation.
 * Throws code 2 for a seat that is not ready.
 */
export function bringIn(workspace: Workspace, chat: Chat, user: User): void {
  mayBringIn(user)
  if (user.password !== undefined) setSeat(workspace, chat, user.userName, 'Invited')
  else if (user.answers === 'at-once') joinAgent(workspace, chat, user)
}

export function mayBringIn({ userName, password, isReady }: User): void {
  if (password !== undefined && !isReady) throw new Refusal(2, `agent ${userName} is not ready`)
}
