import { randomBytes } from 'node:crypto'
import { activityAbout } from './activities.ts'
import { publish } from './broadcast.ts'
import type { Core } from './core.ts'
import type { Conversation, InitRequest, Participant } from './types.ts'

const newId = (prefix: string) => `${prefix}-${randomBytes(6).toString('hex')}`

/** Opens a conversation; the same `requestId` while it is open gets the same one. */
export function openConversation({ state }: Core, request: InitRequest): Conversation {
  const known = [...state.conversations.values()].find(
    one => one.isOpen && request.requestId && one.request.requestId === request.requestId,
  )
  if (known) return known
  const customer: Participant = { id: newId('p'), name: fullName(request) }
  const conversation: Conversation = {
    id: newId('c'),
    customer,
    request,
    isOpen: true,
    isCustomerRemoved: false,
    participants: [customer],
    messages: [],
    members: new Set(),
    joins: 0,
  }
  state.conversations.set(conversation.id, conversation)
  return conversation
}

function fullName({ firstName, lastName }: InitRequest): string {
  return [firstName, lastName].filter(name => typeof name === 'string' && name).join(' ')
}

/** Ends a conversation and tells the room, unless the customer asked and the setting says to keep silent. */
export function endConversation(core: Core, conversation: Conversation, by: 'customer' | 'agent'): void {
  conversation.isOpen = false
  conversation.endedBy = by
  const who =
    by === 'customer' ? conversation.customer : (presentAgent(conversation) ?? conversation.customer)
  if (by === 'agent' || core.settings.confirmsEnd)
    publish(core, conversation, activityAbout(core, conversation, 'endOfConversation', who))
  conversation.members.clear()
}

/** The agent who has been there longest. */
export function presentAgent({ participants }: Conversation): Participant | undefined {
  return participants[1]
}
