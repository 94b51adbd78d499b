import { newChatId, newInteractionId } from './ids.ts'
import type { Chat, EntryType, LogEntry, Participant, Routing, SeatState } from './types.ts'
import type { Workspace } from './workspace.ts'

export type NewChat = Pick<Chat, 'leg' | 'nickname' | 'endpoint'> &
  Partial<Pick<Chat, 'keys' | 'subject' | 'userData'>> & { routing: Routing }

/** A chat with its customer in it, which nobody has been asked to take yet. */
export function createChat(workspace: Workspace, seed: NewChat): Chat {
  const chat: Chat = {
    id: seed.leg === 'gms' ? newInteractionId() : newChatId(),
    interactionId: newInteractionId(),
    subject: '',
    userData: {},
    ...seed,
    state: 'WaitingForAgent',
    isOpenToCustomer: true,
    participants: [],
    log: [],
    seats: new Map(),
    polls: [],
    given: 0,
    at: workspace.now(),
  }
  workspace.state.chats.set(chat.id, chat)
  workspace.state.byInteraction.set(chat.interactionId, chat)
  join(workspace, chat, { type: 'Customer', nickname: chat.nickname })
  return chat
}

type Line = { text?: string; noticeText?: string; visibility?: 'Agents' }

export function append(
  workspace: Workspace,
  chat: Chat,
  type: EntryType,
  from: Participant,
  line: Line = {},
): LogEntry {
  const index = chat.log.length + 1
  const entry: LogEntry = { index, type, from, visibility: 'All', at: workspace.now(), ...line }
  chat.log.push(entry)
  workspace.tell({ kind: 'log', chat, entry })
  return entry
}

export function join(workspace: Workspace, chat: Chat, person: Omit<Participant, 'number'>): Participant {
  const seen = new Set(chat.log.map(({ from }) => from.number))
  const participant = { number: seen.size + 1, ...person }
  chat.participants.push(participant)
  if (person.type === 'Agent') chat.state = 'Chatting'
  append(workspace, chat, 'ParticipantJoined', participant)
  workspace.tell({ kind: 'participants', chat })
  return participant
}

/** Takes somebody out. Without any agent the chat waits for one, unless it is over. */
export function leave(workspace: Workspace, chat: Chat, participant: Participant): void {
  chat.participants = chat.participants.filter(one => one !== participant)
  if (chat.state === 'Chatting' && agentsIn(chat).length === 0) chat.state = 'WaitingForAgent'
  append(workspace, chat, 'ParticipantLeft', participant)
  workspace.tell({ kind: 'participants', chat })
}

export function agentsIn(chat: Chat): Participant[] {
  return chat.participants.filter(({ type }) => type === 'Agent')
}

export function customerIn(chat: Chat): Participant | undefined {
  return chat.participants.find(({ type }) => type === 'Customer')
}

/** Everybody leaves, the one who ends it first; seats keep what is over until they complete it. */
export function endChat(workspace: Workspace, chat: Chat, by?: Participant): void {
  if (chat.state === 'Idle') return
  chat.state = 'Idle'
  workspace.timers.stop(chat.id)
  const others = chat.participants.filter(one => one !== by)
  for (const one of by ? [by, ...others] : others) leave(workspace, chat, one)
  const after: Partial<Record<SeatState, SeatState>> = { Chatting: 'LeftChat', Invited: 'Revoked' }
  for (const [seat, was] of chat.seats) {
    const state = after[was]
    if (state) setSeat(workspace, chat, seat, state)
  }
}

/** What the seat is to the chat from now on, and told so. `Gone` is told as `Completed`: seats know no other word. */
export function setSeat(workspace: Workspace, chat: Chat, seat: string, state: SeatState): void {
  chat.seats.set(seat, state)
  workspace.tell({ kind: 'state', chat, seat, state })
}

/** From now on nobody knows this chat: code 6 for everyone. */
export function forgetChat({ state, timers }: Workspace, chat: Chat): void {
  timers.stop(chat.id)
  state.chats.delete(chat.id)
  state.byInteraction.delete(chat.interactionId)
}
