import type { Notifications } from './bayeux.ts'
import { append, createChat, endChat, forgetChat, leave, setSeat } from './chats.ts'
import { customerLeaves, customerSays } from './customer.ts'
import { agentFor, chatFor, mayAct, participantFor } from './desk-lookup.ts'
import type { Planted } from './planted.ts'
import { bringIn, joinAgent, routeChat, routeWaiting, routingOf } from './routing.ts'
import { logOff, type SeatLogin } from './seat-login.ts'
import { chatNamed } from './state.ts'
import { type Said, whatWasSaid } from './transcript.ts'
import type { Chat, LogEntry } from './types.ts'
import type { Workspace } from './workspace.ts'

/** `agent` is a `userName`; by default whoever is in the chat, else the first of the endpoint's agents. */
type By = { agent?: string }
type NewCustomer = { nickname?: string; endpoint?: string; userData?: Record<string, string> }

/**
 * What people do in the contact centre, and what goes wrong in it. Chats are named by the customer's id, the interaction's
 * id, or the newest one with this nickname or this value in its attached data. All throw an Error on what cannot be done.
 */
export type AgentDesk = Pick<Planted, 'failNext' | 'failLater'> & {
  /** An agent takes the chat, or enters it beside others. */
  agentJoins(chat: string, agent?: string): Chat
  /** Writes to the customer. A chat without an agent is taken first. */
  agentSays(chat: string, text: string, by?: By): LogEntry
  /** Writes to other agents and seats only. */
  agentWhispers(chat: string, text: string, by?: By): LogEntry
  agentTypes(chat: string, options?: By & { stopped?: boolean }): LogEntry
  /** Leaves the chat; it goes on, and without an agent it waits. */
  agentLeaves(chat: string, agent?: string): Chat
  /** The agent leaves and another one joins at once; `to` may be a seat, which is invited. */
  agentTransfers(chat: string, to: string, by?: By): Chat
  /** The chat is over. `stranded`: it does not say so, but no agent is left and the customer may do nothing. */
  agentEnds(chat: string, options?: By & { stranded?: boolean }): Chat
  /** A line of machinery: type `Notice`, or with `as: 'External'` a text by an `External`. */
  notice(chat: string, text: string, options?: { as?: 'Notice' | 'External' }): LogEntry
  /** Invites a seat. */
  inviteSeat(chat: string, seat: string): Chat
  /** Takes an invitation back. */
  revokeInvitation(chat: string, seat: string): Chat
  setAgentAvailable(agent: string, available: boolean): void
  /** A customer who does not come through our API; default nickname `Eva`, at the first endpoint. */
  customerStarts(options?: NewCustomer): Chat
  customerSays(chat: string, text: string): LogEntry
  customerLeaves(chat: string): Chat
  /** The centre loses all memory of the chat: code 6. */
  forgetChat(chat: string): void
  /** Forgets the Bayeux sessions of a seat, or of all: 402. */
  dropNotifications(seat?: string): void
  /** Ends the HTTP and contact centre sessions of a seat, or of all: the next call gets code 20. */
  expireSeats(seat?: string): void
  /** The channels the seat is subscribed to at the moment. */
  subscriptionsOf(seat: string): string[]
  chatOf(name: string): Chat | undefined
  /** Who said what, in order: texts and notices only. */
  transcriptOf(chat: string): Said[]
}

export function createAgentDesk(
  workspace: Workspace,
  login: SeatLogin,
  notifications: Notifications,
): AgentDesk {
  const { failNext, failLater } = workspace.planted
  return {
    failNext,
    failLater,
    ...createWords(workspace),
    ...createMoves(workspace),
    ...createCustomers(workspace),
    forgetChat: name => forgetChat(workspace, chatFor(workspace, name)),
    dropNotifications: notifications.drop,
    expireSeats: seat => {
      for (const user of login.expire(seat)) {
        logOff(user)
        notifications.drop(user.userName)
      }
    },
    subscriptionsOf: notifications.subscriptions,
  }
}

function createWords(workspace: Workspace) {
  const say = (name: string, text: string, { agent }: By = {}, more: { visibility?: 'Agents' } = {}) => {
    const chat = chatFor(workspace, name)
    return append(workspace, chat, 'Text', participantFor(workspace, chat, agent), { text, ...more })
  }
  return {
    agentSays: (name, text, by) => say(name, text, by),
    agentWhispers: (name, text, by) => say(name, text, by, { visibility: 'Agents' }),
    agentTypes: (name, { agent, stopped = false } = {}) => {
      const chat = chatFor(workspace, name)
      const type = stopped ? 'TypingStopped' : 'TypingStarted'
      return append(workspace, chat, type, participantFor(workspace, chat, agent))
    },
    notice: (name, text, { as = 'Notice' } = {}) => {
      const from = { number: 1000, type: 'External', nickname: 'system' } as const
      const line = as === 'Notice' ? { noticeText: text } : { text }
      return append(workspace, chatFor(workspace, name), as === 'Notice' ? 'Notice' : 'Text', from, line)
    },
    transcriptOf: name => whatWasSaid(chatFor(workspace, name)),
  } satisfies Partial<AgentDesk>
}

function createMoves(workspace: Workspace) {
  const goOut = (chat: Chat, agent?: string) => {
    const participant = participantFor(workspace, chat, agent)
    leave(workspace, chat, participant)
    if (chat.seats.has(participant.user ?? '')) setSeat(workspace, chat, participant.user ?? '', 'Gone')
  }
  return {
    agentJoins: (name, agent) => {
      const chat = mayAct(chatFor(workspace, name))
      joinAgent(workspace, chat, agentFor(workspace, chat, agent))
      return chat
    },
    agentLeaves: (name, agent) => {
      const chat = mayAct(chatFor(workspace, name))
      goOut(chat, agent)
      return chat
    },
    agentTransfers: (name, to, { agent } = {}) => {
      const chat = mayAct(chatFor(workspace, name))
      const target = agentFor(workspace, chat, to)
      goOut(chat, agent)
      if (target.password === undefined) joinAgent(workspace, chat, target)
      else bringIn(workspace, chat, target)
      return chat
    },
    agentEnds: (name, { agent, stranded = false } = {}) => {
      const chat = mayAct(chatFor(workspace, name))
      if (stranded) strand(workspace, chat)
      else endChat(workspace, chat, participantFor(workspace, chat, agent))
      return chat
    },
    inviteSeat: (name, seat) => {
      const chat = mayAct(chatFor(workspace, name))
      bringIn(workspace, chat, agentFor(workspace, chat, seat))
      return chat
    },
    revokeInvitation: (name, seat) => {
      const chat = chatFor(workspace, name)
      if (chat.seats.get(seat) !== 'Invited') throw new Error(`no invitation for ${seat}`)
      setSeat(workspace, chat, seat, 'Revoked')
      return chat
    },
    setAgentAvailable: (name, available) => {
      const agent = workspace.state.users.get(name)
      if (!agent) throw new Error(`no agent ${name}`)
      agent.available = available
      if (available) routeWaiting(workspace)
    },
  } satisfies Partial<AgentDesk>
}

/** All agents are gone and the chat still says that it goes on. */
function strand(workspace: Workspace, chat: Chat): void {
  chat.isOpenToCustomer = false
  for (const one of chat.participants.filter(({ type }) => type === 'Agent')) leave(workspace, chat, one)
  chat.state = 'Chatting'
}

function createCustomers(workspace: Workspace) {
  const [first = ''] = workspace.state.endpoints.keys()
  return {
    chatOf: name => chatNamed(workspace.state, name),
    customerStarts: ({ nickname = 'Eva', endpoint = first, userData = {} } = {}) => {
      const routing = routingOf(workspace, endpoint)
      if (!routing) throw new Error(`no endpoint ${endpoint}`)
      const chat = createChat(workspace, { leg: 'driver', nickname, endpoint, routing, userData })
      routeChat(workspace, chat)
      return chat
    },
    customerSays: (name, text) => customerSays(workspace, chatFor(workspace, name), text),
    customerLeaves: name => {
      const chat = chatFor(workspace, name)
      customerLeaves(workspace, chat)
      return chat
    },
  } satisfies Partial<AgentDesk>
}
