import { type Desk, findTicket } from './state.ts'
import { onTheWire } from './ticket-ids.ts'
import type { Agent, Line, Ticket, WebhookDelivery } from './types.ts'
import type { Webhooks } from './webhooks.ts'

/**
 * What agents do in the desk's own window. Tickets are named by id, or by their client, who then means the newest one;
 * agents by name, by default who has the ticket, else the first. Each resolves to the event that was posted about it, with
 * the mediator's answer; it throws an Error on what an agent could not do. The desk itself assigns nothing.
 */
export type AgentDesk = {
  assign(ticket: string, agent?: string): Promise<WebhookDelivery>
  agentText(ticket: string, text: string, agent?: string): Promise<WebhookDelivery>
  agentMedia(ticket: string, media: Media, agent?: string): Promise<WebhookDelivery>
  inactivity(ticket: string, seconds?: number, reason?: string): Promise<WebhookDelivery>
  logout(ticket: string): Promise<WebhookDelivery>
  close(ticket: string): Promise<WebhookDelivery>
  /** An event the specification does not have. */
  unknownEvent(ticket: string, event?: string): Promise<WebhookDelivery>
  /** Any body at all; a number of many digits may be written with `JSON.rawJSON`. */
  postEvent(body: Record<string, unknown>): Promise<WebhookDelivery>
  /** Who said what on a ticket, in order. */
  talkOf(ticket: string): Line[]
}

type Media = { type: 'image' | 'video' | 'file'; url: string }

export function createAgentDesk(desk: Desk, webhooks: Pick<Webhooks, 'post'>): AgentDesk {
  const { state } = desk
  const announce = (ticket: Ticket, event: string, more: Record<string, unknown> = {}) =>
    webhooks.post({ ...envelopeOf(ticket, event), ...more })
  const say = (name: string, said: Saying, type: 'text' | 'media', content: unknown) => {
    const ticket = speak(desk, name, said)
    return announce(ticket, 'payload-received-from-agent', { message: { type, payLoad: { content } } })
  }
  return {
    assign: async (name, agent) => {
      const ticket = assign(desk, openTicket(desk, name), agentOf(desk, agent))
      return announce(ticket, 'ticket-assigned')
    },
    agentText: async (name, text, agent) => say(name, { kind: 'text', content: text, agent }, 'text', text),
    agentMedia: async (name, { type, url }, agent) =>
      say(name, { kind: type, content: url, agent }, 'media', { type, mediaUrl: url }),
    inactivity: async (name, seconds = 120, reason = 'Network issue') =>
      announce(openTicket(desk, name), 'agent-inactivity', {
        inactivityDuration: seconds,
        inactivityReason: reason,
      }),
    logout: async name => announce(openTicket(desk, name), 'agent-logout'),
    close: async name => {
      const ticket = openTicket(desk, name)
      Object.assign(ticket, { state: 'CLOSED', resolvedAt: seconds(desk) })
      return announce(ticket, 'ticket-closed', { ticketResolvedTime: ticket.resolvedAt })
    },
    unknownEvent: async (name, event = 'customer-infoawaited') => announce(findTicket(state, name), event),
    postEvent: webhooks.post,
    talkOf: name => findTicket(state, name).lines,
  }
}

function openTicket({ state }: Desk, name: string): Ticket {
  const ticket = findTicket(state, name)
  if (ticket.state === 'CLOSED') throw new Error(`ticket ${ticket.id} is closed`)
  return ticket
}

function agentOf({ state: { agents } }: Desk, name: string | undefined): Agent {
  const agent = name === undefined ? agents[0] : agents.find(one => one.name === name)
  if (!agent) throw new Error(`no agent "${name}"`)
  return agent
}

function assign(desk: Desk, ticket: Ticket, agent: Agent): Ticket {
  return Object.assign(ticket, { state: 'ASSIGNED', agent, assignedAt: seconds(desk) })
}

type Saying = Pick<Line, 'kind' | 'content'> & { agent: string | undefined }

/** The first word on a ticket nobody has assigns it, of which no event tells. */
function speak(desk: Desk, name: string, { agent, ...said }: Saying): Ticket {
  const ticket = openTicket(desk, name)
  if (agent !== undefined || !ticket.agent) assign(desk, ticket, agentOf(desk, agent))
  ticket.lines.push({ by: 'agent', name: ticket.agent?.name ?? '', ...said, at: desk.now() })
  return ticket
}

/** What all events have. The agent's fields are empty while there is none. */
function envelopeOf(ticket: Ticket, event: string): Record<string, unknown> {
  const { senderId, source, agent, assignedAt } = ticket
  return {
    ticketId: onTheWire(ticket),
    senderId,
    source,
    event,
    agentName: agent?.name ?? '',
    agentId: agent?.id ?? '',
    ...(assignedAt !== undefined && { ticketAssignedTime: assignedAt }),
  }
}

function seconds({ now }: Desk): number {
  return Math.floor(now() / 1000)
}
