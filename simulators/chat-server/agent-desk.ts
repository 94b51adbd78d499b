import { activityAbout } from './activities.ts'
import { publish } from './broadcast.ts'
import { endConversation, presentAgent } from './conversations.ts'
import { type Core, emit } from './core.ts'
import { agentCalled, announce, letAgentIn } from './routing.ts'
import { type Said, whatWasSaid } from './said.ts'
import { stamp } from './stamp.ts'
import type { Attachment, ChatMessage, Conversation, Participant } from './types.ts'

export type { Said } from './said.ts'

/** How something is said. `id` and `timestamp`: null leaves them out, missing follows the settings. */
export type Saying = {
  /** Name of the speaker; by default who is there, else the settings' `agentName`. */
  agent?: string
  /** The speaker as a whole, for a bot or an odd one. */
  from?: Participant
  attachments?: Attachment[]
  to?: Participant[]
  tag?: string
  id?: string | null
  timestamp?: string | null
}

/**
 * What agents and the contact centre do. Conversations are named by id, or by the `refId`, `phone` or `email` they were
 * opened with (then the last open one). All throw an Error on a conversation that is not there or over.
 */
export type AgentDesk = {
  /** The conversation of that name, also one that is over, if it is known. */
  conversationOf(key: string): Conversation | undefined
  /** Who said what, in order, whispers included. */
  said(key: string): Said[]
  agentJoins(key: string, agent?: string): Participant
  /** The one named, else who is there. The conversation goes on. */
  agentLeaves(key: string, agent?: string): void
  /** Nobody need have joined to speak: what the server lets through is not the customer's concern. */
  say(key: string, text: string, saying?: Saying): ChatMessage
  typing(key: string, agent?: string): void
  handOff(key: string): void
  noAgentAvailable(key: string): void
  /** Somebody is invited, and not there yet. */
  participantAdded(key: string, agent?: string): void
  /** Somebody is thrown out; `customer` names the customer, whose session is over then. */
  participantRemoved(key: string, who: string): void
  /** `greetings` once more, to the whole room, with a text in `info` where one is given. */
  greet(key: string, text?: string): void
  end(key: string): void
  /** A third party writes to an account through a connector, outside any conversation. Returns how many sockets got it. */
  campaign(channel: string, refId: string, text: string): number
}

export function createAgentDesk(core: Core): AgentDesk {
  const open = (key: string) => openOne(core, key)
  const agent = (conversation: Conversation, name?: string) => agentIn(core, conversation, name)
  return {
    conversationOf: key => find(core, key),
    said: key => whatWasSaid(existing(core, key)),
    agentJoins: (key, name = core.settings.agentName) => {
      const who = agentCalled(name)
      letAgentIn(core, open(key), who)
      return who
    },
    agentLeaves: (key, name) => takeOut(core, open(key), 'participantLeft', name),
    say: (key, text, saying) => say(core, open(key), text, saying),
    typing: (key, name) => announce(core, open(key), 'typing', agent(open(key), name)),
    handOff: key => announce(core, open(key), 'handOff'),
    noAgentAvailable: key => announce(core, open(key), 'noAgentAvailable'),
    participantAdded: (key, name) => announce(core, open(key), 'participantAdded', agent(open(key), name)),
    participantRemoved: (key, who) => {
      if (who === 'customer') removeCustomer(core, open(key))
      else takeOut(core, open(key), 'participantRemoved', who)
    },
    greet: (key, text) => greet(core, open(key), text),
    end: key => endConversation(core, open(key), 'agent'),
    campaign: (channel, refId, text) => campaign(core, channel, refId, text),
  }
}

function find({ state }: Core, key: string): Conversation | undefined {
  const fits = ({ request }: Conversation) => [request.refId, request.phone, request.email].includes(key)
  const fitting = [...state.conversations.values()].filter(fits)
  return state.conversations.get(key) ?? fitting.findLast(({ isOpen }) => isOpen) ?? fitting.at(-1)
}

function existing(core: Core, key: string): Conversation {
  const conversation = find(core, key)
  if (!conversation) throw new Error('no such conversation')
  return conversation
}

function openOne(core: Core, key: string): Conversation {
  const conversation = existing(core, key)
  if (!conversation.isOpen) throw new Error('the conversation is over')
  return conversation
}

function agentIn({ settings }: Core, conversation: Conversation, name?: string): Participant {
  if (name) return agentCalled(name)
  return presentAgent(conversation) ?? agentCalled(settings.agentName)
}

function say(core: Core, conversation: Conversation, text: string, saying: Saying = {}): ChatMessage {
  const { agent, from, attachments = [], to = [], tag = '', id, timestamp } = saying
  const { refId } = conversation.request
  const given = stamp(core)
  const message: ChatMessage = {
    type: 'ChatMessage',
    conversationId: conversation.id,
    from: from ?? agentIn(core, conversation, agent),
    to,
    text,
    attachments,
    tag,
    ...(typeof refId === 'string' && { refId }),
    ...defined('id', id === undefined ? given.id : id),
    ...defined('timestamp', timestamp === undefined ? given.timestamp : timestamp),
  }
  publish(core, conversation, message)
  return message
}

function defined<Key extends string>(key: Key, value: string | null | undefined): { [K in Key]?: string } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]?: string })
}

function takeOut(
  core: Core,
  conversation: Conversation,
  activity: 'participantLeft' | 'participantRemoved',
  name?: string,
): void {
  const who = agentIn(core, conversation, name)
  const at = conversation.participants.findIndex(({ id }) => id === who.id)
  if (at === -1) throw new Error(`${who.name} is not in the conversation`)
  conversation.participants.splice(at, 1)
  announce(core, conversation, activity, who)
}

function removeCustomer(core: Core, conversation: Conversation): void {
  announce(core, conversation, 'participantRemoved', conversation.customer)
  conversation.isCustomerRemoved = true
  conversation.members.clear()
}

function greet(core: Core, conversation: Conversation, text?: string): void {
  const greeting = activityAbout(core, conversation, 'greetings', conversation.customer)
  publish(core, conversation, { ...greeting, info: { ...greeting.info, ...(text && { text }) } })
}

function campaign(core: Core, channel: string, refId: string, text: string): number {
  const listening = core.state.connectors.filter(one => one.isAccepted && one.channel === channel)
  const ids = new Set(listening.map(({ socket }) => socket))
  const wires = [...core.wires.values()].filter(({ id }) => ids.has(id))
  const from = { id: 'campaign', name: 'Campaign' }
  const message = { type: 'ChatMessage', from, to: [], text, refId, attachments: [], tag: '', ...stamp(core) }
  for (const wire of wires) emit(core, wire, 'messageArrived', message)
  return wires.length
}
