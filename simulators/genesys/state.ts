import { newHexId } from './ids.ts'
import type { Chat, LoggedRequest, Routing, User } from './types.ts'

/** Everything the contact centre knows and has seen. Written by the simulator only. */
export type State = {
  /** By the customer's id. A forgotten chat is in no map. */
  chats: Map<string, Chat>
  byInteraction: Map<string, Chat>
  /** Agents and seats, by `userName`. */
  users: Map<string, User>
  /** Endpoints of GWS, services of GMS. */
  endpoints: Map<string, Routing>
  requests: LoggedRequest[]
}

export type AgentSeed = Partial<Omit<User, 'password'>> & { userName: string }
export type SeatSeed = Partial<User> & { userName: string; password: string }

const defaultAgents: AgentSeed[] = [
  { userName: 'ana', skills: ['hiv'] },
  { userName: 'luis', skills: ['general'] },
]
const defaultSeats: SeatSeed[] = [{ userName: 'bot', password: 'seat-password' }]
const defaultEndpoints: Record<string, Routing> = {
  'chat-general': { agents: ['ana', 'luis'] },
  'chat-queue': 'queue',
  'chat-seat': { seats: ['bot'] },
}

export function createState(
  agents: AgentSeed[] = defaultAgents,
  seats: SeatSeed[] = defaultSeats,
  endpoints = defaultEndpoints,
): State {
  const users = [...agents, ...seats].map(newUser)
  return {
    chats: new Map(),
    byInteraction: new Map(),
    users: new Map(users.map(user => [user.userName, user])),
    endpoints: new Map(Object.entries(endpoints)),
    requests: [],
  }
}

function newUser(seed: AgentSeed | SeatSeed): User {
  const firstName = seed.userName.charAt(0).toUpperCase() + seed.userName.slice(1)
  const person = { id: newHexId(), firstName, lastName: 'Simulated', skills: [] }
  const working = { available: true, answers: 'at-once', isLoggedIn: false, isReady: false } as const
  return { ...person, ...working, ...seed }
}

/** By `userName`, by id, or by a URI that ends in the id. */
export function userNamed({ users }: State, name: string): User | undefined {
  const last = name.split('/').at(-1)
  return users.get(name) ?? [...users.values()].find(({ id }) => id === last)
}

/**
 * By the customer's id, the interaction's id, or the newest chat with this nickname or this value in its attached data.
 */
export function chatNamed({ chats, byInteraction }: State, name: string): Chat | undefined {
  const carries = ({ nickname, userData }: Chat) =>
    nickname === name || Object.values(userData).includes(name)
  return chats.get(name) ?? byInteraction.get(name) ?? [...chats.values()].findLast(carries)
}
