import type { Agent, LoggedRequest, Settings, Ticket, WebhookDelivery } from './types.ts'

/** Everything the desk knows and has seen. Written by the simulator only. */
export type State = {
  /** By id, oldest first. */
  tickets: Map<string, Ticket>
  agents: Agent[]
  requests: LoggedRequest[]
  webhooks: WebhookDelivery[]
  /** messageId → the id of the ticket it was for. */
  seen: Map<string, string>
}

/** All parts of one simulated desk share it. */
export type Desk = {
  company: string
  token: string
  webhook: { url: string; token: string }
  settings: Settings
  state: State
  /** Epoch ms. */
  now: () => number
}

const defaultAgents: Agent[] = [
  { name: 'Lin', id: '33619' },
  { name: 'Sam', id: '33620' },
]

export function createState(agents = defaultAgents): State {
  return { tickets: new Map(), agents, requests: [], webhooks: [], seen: new Map() }
}

/** By its id, or the client's newest one. Throws when there is none. */
export function findTicket({ tickets }: State, idOrSender: string): Ticket {
  const known = tickets.get(idOrSender)
  const ticket = known ?? [...tickets.values()].findLast(({ senderId }) => senderId === idOrSender)
  if (!ticket) throw new Error(`no ticket "${idOrSender}"`)
  return ticket
}
