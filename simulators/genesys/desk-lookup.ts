import { agentsIn } from './chats.ts'
import { joinAgent } from './routing.ts'
import { chatNamed, userNamed } from './state.ts'
import type { Chat, Participant, User } from './types.ts'
import type { Workspace } from './workspace.ts'

/** Throws an Error for a name that fits no chat. */
export function chatFor({ state }: Workspace, name: string): Chat {
  const chat = chatNamed(state, name)
  if (!chat) throw new Error(`no chat ${name}`)
  return chat
}

/** The chat itself, if it is not over. */
export function mayAct(chat: Chat): Chat {
  if (chat.state === 'Idle') throw new Error('the chat is over')
  return chat
}

/** The one named, else the first of the endpoint's agents, else any agent. */
export function agentFor({ state }: Workspace, { routing }: Chat, name?: string): User {
  const [first] = typeof routing === 'object' && 'agents' in routing ? routing.agents : []
  const anybody = [...state.users.values()].find(({ password }) => password === undefined)
  const agent = name || first ? userNamed(state, name ?? first ?? '') : anybody
  if (!agent) throw new Error(`no agent ${name ?? ''}`)
  return agent
}

/** The agent as a participant: the one named, else whoever is in the chat. Joins first who is not there. */
export function participantFor(workspace: Workspace, chat: Chat, name?: string): Participant {
  const present = agentsIn(mayAct(chat))
  const found = name === undefined ? present.at(-1) : present.find(({ user }) => user === name)
  return found ?? joinAgent(workspace, chat, agentFor(workspace, chat, name))
}
