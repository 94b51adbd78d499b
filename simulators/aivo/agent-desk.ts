import { existing, type Live, open } from './live.ts'
import type { Agent, Conversation, Item } from './state.ts'

type Said = Omit<Item, 'source'> & { source?: string }

/**
 * What happens in Aivo Live's own window. A conversation is named by its id, or by its user: the hash, or the UUID it was made
 * of. Each resolves when its event has been posted. All throw on a conversation that is not there, and on one that is closed
 * what can only happen in an open one.
 */
export type AgentDesk = {
  /** An agent receives the conversation, be it for the first time or after a transfer. */
  attended(who: string, agent?: Agent): Promise<void>
  /** Moves the conversation to another group's queue, or to an agent, who still has to attend it. */
  transfer(who: string, to: { target: number; agent?: Agent }): Promise<void>
  /** The agent, or an automatism, says something; a string is one text. */
  message(who: string, said: string | Said[]): Promise<void>
  /** `trigger`: Live's own timers close, which names no agent. */
  close(who: string, by?: 'agent' | 'trigger'): Promise<void>
  /** Any other event, and those that come late: whatever the name, and whatever the state. */
  unknown(who: string, name?: string, data?: unknown): Promise<void>
}

export function createAgentDesk(live: Live): AgentDesk {
  const { settings, events } = live
  return {
    attended: async (who, given) => {
      const conversation = open(live, who)
      const agent = { groupId: conversation.group, ...(given ?? { name: 'Tomas', nickname: 'Tomi' }) }
      Object.assign(conversation, { state: 'attended', agent })
      await events.post('attended', conversation, { agent })
    },
    transfer: async (who, to) => {
      const conversation = open(live, who)
      const data = moveTo(conversation, to)
      await events.post('transfer', conversation, { ...data, hash: toldHash(live, conversation) })
    },
    message: async (who, said) => {
      const conversation = open(live, who)
      const items = typeof said === 'string' ? [{ action: 'text', value: said }] : said
      const message = items.map(item => ({ source: 'agent', ...item }))
      conversation.lines.push(...message.map(item => ({ ...item, by: 'agent' as const, at: live.now() })))
      const { agent } = conversation
      const hash = toldHash(live, conversation)
      await events.post(settings.messageEvent, conversation, { hash, ...(agent && { agent }), message })
    },
    close: async (who, by = 'agent') => {
      const conversation = open(live, who)
      conversation.state = 'closed'
      const { agent } = conversation
      const named = by === 'agent' && agent ? { agent } : {}
      await events.post(settings.closingEvent, conversation, { value: `closed by ${by}`, ...named })
    },
    unknown: async (who, name = 'satisfaction', data = {}) => events.post(name, existing(live, who), data),
  }
}

/** As the page has it: the group it left, the group or agent sought, and nobody in particular. */
function moveTo(conversation: Conversation, { target, agent }: { target: number; agent?: Agent }) {
  const originGroup = conversation.group
  if (!agent) conversation.group = target
  conversation.state = 'queued'
  delete conversation.agent
  return { value: `Transfer to ${agent ? 'agent' : 'group'}`, originGroup, target, agent: agent ?? {} }
}

function toldHash({ settings }: Live, { hash }: Conversation): string {
  return settings.suffixedHash ? `${hash}_${settings.botToken}` : hash
}
