import { Refusal } from './refusal.ts'
import {
  accept,
  complete,
  type Doing,
  endSession,
  invite,
  leaveByName,
  leaveConference,
  reject,
  requestHistory,
  saying,
  transfer,
} from './seat-actions.ts'
import type { SeatState } from './types.ts'

/** A: `{"statusCode":0}`; B: `{"status":"ok"}`; `reject`: as settings say. */
export type Dialect = 'A' | 'B' | 'reject'

/** `refers`: always answered with a `referenceId`. */
export type Operation = {
  dialect: Dialect
  when: SeatState[]
  run(doing: Doing): void
  refers?: true
}

const inChat: SeatState[] = ['Chatting']

const shared: Record<string, Operation> = {
  Accept: { dialect: 'A', when: ['Invited'], run: accept },
  Reject: { dialect: 'reject', when: ['Invited'], run: reject },
  SendMessage: { dialect: 'A', when: inChat, run: saying('Text', { field: 'text' }) },
  SendStartTypingNotification: { dialect: 'A', when: inChat, run: saying('TypingStarted') },
  SendStopTypingNotification: { dialect: 'A', when: inChat, run: saying('TypingStopped') },
  Complete: { dialect: 'A', when: ['Chatting', 'LeftChat'], run: complete },
}

const interactionsOnly: Record<string, Operation> = {
  InviteUser: { dialect: 'B', when: inChat, run: invite('agentId') },
  EndChatSession: { dialect: 'B', when: inChat, run: endSession },
  SingleStepTransfer: { dialect: 'A', when: inChat, run: transfer },
  RequestChatHistory: { dialect: 'A', when: inChat, run: requestHistory },
  LeaveConference: { dialect: 'B', when: inChat, run: leaveByName },
}

const whisper = { visibility: 'Agents' } as const

const chatsOnly: Record<string, Operation> = {
  Invite: { dialect: 'A', when: inChat, run: invite('targetUri'), refers: true },
  Transfer: { dialect: 'A', when: inChat, run: transfer, refers: true },
  Leave: { dialect: 'A', when: inChat, run: leaveConference },
  SendToAgents: { dialect: 'A', when: inChat, run: saying('Text', { field: 'text', ...whisper }) },
  SendCustomNoticeToAgents: {
    dialect: 'A',
    when: inChat,
    run: saying('CustomNotice', { field: 'noticeText', ...whisper }),
  },
}

/** What may be called at `/me/interactions/:id` (the 11 of HTCC 8.5) and at `/me/chats/:id` (the later names). */
export const operations = {
  interactions: new Map(Object.entries({ ...shared, ...interactionsOnly })),
  chats: new Map(Object.entries({ ...shared, ...chatsOnly })),
}

/** Does it. Throws code 5 for who is no participant (any more), 2 in a state that does not allow it. */
export function perform({ when, run }: Operation, doing: Doing): void {
  const state = doing.chat.seats.get(doing.seat.userName) ?? 'Gone'
  if (state === 'Gone' || state === 'Revoked') throw new Refusal(5, 'not a participant')
  if (!when.includes(state)) throw new Refusal(2, `the interaction is ${state}`)
  run(doing)
}
