import { newId, newObjectId } from './ids.ts'
import type {
  Agent,
  Department,
  LoggedRequest,
  Message,
  Person,
  Room,
  Upload,
  Visitor,
  WebhookDelivery,
} from './types.ts'

/** Everything the workspace knows, by `_id`. Written by the simulator only. */
export type State = {
  visitors: Map<string, Visitor>
  rooms: Map<string, Room>
  messages: Map<string, Message>
  uploads: Map<string, Upload>
  departments: Map<string, Department>
  agents: Map<string, Agent>
  customFields: Map<string, 'visitor' | 'room'>
  requests: LoggedRequest[]
  webhooks: WebhookDelivery[]
  /** Counted in every mode, also where nothing is logged. */
  counts: { requests: number; visitorMessages: number; webhooks: number; webhookAttempts: number }
  index: Index
}

type Index = {
  visitorByToken: Map<string, Visitor>
  visitorByPhone: Map<string, Visitor>
  visitorByEmail: Map<string, Visitor>
  /** By the token the room was opened with, which a later change of the visitor's token does not touch. */
  openRoomByToken: Map<string, Room>
  messagesByRoom: Map<string, Message[]>
}

export type AgentSeed = Partial<Agent> & { username: string }
export type DepartmentSeed = Partial<Department> & { name: string }

const defaultAgents: AgentSeed[] = [{ username: 'ana' }, { username: 'luis' }]
const defaultDepartments: DepartmentSeed[] = [
  { name: 'Support', agents: ['ana', 'luis'] },
  { name: 'GTM_HIV_GENERAL', agents: ['ana'] },
]

/** The author of the server's own messages. */
export const rocketCat: Person = { _id: 'rocket.cat', username: 'rocket.cat', name: 'Rocket.Cat' }

export function createState(agents = defaultAgents, departments = defaultDepartments): State {
  return {
    visitors: new Map(),
    rooms: new Map(),
    messages: new Map(),
    uploads: new Map(),
    departments: byId(departments.map(newDepartment)),
    agents: byId(agents.map(newAgent)),
    customFields: new Map(),
    requests: [],
    webhooks: [],
    counts: { requests: 0, visitorMessages: 0, webhooks: 0, webhookAttempts: 0 },
    index: {
      visitorByToken: new Map(),
      visitorByPhone: new Map(),
      visitorByEmail: new Map(),
      openRoomByToken: new Map(),
      messagesByRoom: new Map(),
    },
  }
}

function byId<Item extends { _id: string }>(items: Item[]): Map<string, Item> {
  return new Map(items.map(item => [item._id, item]))
}

function newAgent(seed: AgentSeed): Agent {
  const name = seed.username.charAt(0).toUpperCase() + seed.username.slice(1)
  return { _id: newId(), name, email: `${seed.username}@desk.example`, online: true, ...seed }
}

function newDepartment(seed: DepartmentSeed): Department {
  const shown = { enabled: true, showOnRegistration: true, showOnOfflineForm: true, agents: [] }
  return { _id: newObjectId(), ...shown, ...seed }
}

export function agentNamed(state: State, username: string): Agent | undefined {
  return [...state.agents.values()].find(agent => agent.username === username)
}

export function messagesOf(state: State, rid: string): Message[] {
  return state.index.messagesByRoom.get(rid) ?? []
}

/** Stores a visitor, new or changed, under its token, phone numbers and e-mail addresses. */
export function saveVisitor(state: State, visitor: Visitor): void {
  const { visitorByToken, visitorByPhone, visitorByEmail } = state.index
  state.visitors.set(visitor._id, visitor)
  visitorByToken.set(visitor.token, visitor)
  for (const { phoneNumber } of visitor.phone ?? []) setFirst(visitorByPhone, phoneNumber, visitor)
  for (const { address } of visitor.visitorEmails ?? []) setFirst(visitorByEmail, address, visitor)
}

function setFirst<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value)
}

/** Forgets a visitor's present token, before it gets another one or is removed. */
export function forgetToken(state: State, visitor: Visitor): void {
  state.index.visitorByToken.delete(visitor.token)
}
