import { activityAbout, system } from './activities.ts'
import { publish } from './broadcast.ts'
import type { Core } from './core.ts'
import type { Settings } from './settings.ts'
import type { ActivityType, Conversation, Participant } from './types.ts'

/** An agent of a name, who has the same id in every conversation. */
export function agentCalled(name: string): Participant {
  return { id: `agent-${name.toLowerCase().replaceAll(/\s+/g, '-')}`, name }
}

/** Tells the room that something happened to somebody. */
export function announce(
  core: Core,
  conversation: Conversation,
  activity: ActivityType,
  whom: Participant = system,
): void {
  publish(core, conversation, activityAbout(core, conversation, activity, whom))
}

/** An agent comes in. One who is there already stays. */
export function letAgentIn(core: Core, conversation: Conversation, agent: Participant): void {
  if (conversation.participants.some(({ id }) => id === agent.id)) return
  conversation.participants.push(agent)
  announce(core, conversation, 'participantJoined', agent)
}

const routings: Record<Settings['routing'], (core: Core, conversation: Conversation) => void> = {
  'agent-joins': handOffToAgent,
  'hand-off': (core, conversation) => announce(core, conversation, 'handOff'),
  'no-agent': (core, conversation) => announce(core, conversation, 'noAgentAvailable'),
  'on-request': () => undefined,
}

/** What the queue does with a customer who has just come in. */
export function routeCustomer(core: Core, conversation: Conversation): void {
  routings[core.settings.routing](core, conversation)
}

/** The whole way to an agent: the request, the invitation, the arrival. */
export function handOffToAgent(core: Core, conversation: Conversation): void {
  const agent = agentCalled(core.settings.agentName)
  announce(core, conversation, 'handOff')
  announce(core, conversation, 'participantAdded', agent)
  letAgentIn(core, conversation, agent)
}
