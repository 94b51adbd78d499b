import { customerIn } from './chats.ts'
import type { Chat, LogEntry, Participant } from './types.ts'

/** A participant's id as GWS writes it: a text, where GMS has a number. */
export function participantId({ number }: Participant): string {
  return `009B5C${number.toString(16).toUpperCase().padStart(10, '0')}`
}

function showPerson(person: Participant) {
  return { nickname: person.nickname, participantId: participantId(person), type: person.type }
}

const open = ['SendMessage', 'SendStartTypingNotification', 'SendStopTypingNotification', 'Complete']

/** The chat resource of the customer chat API. */
export function showChat(chat: Chat) {
  const { id, state, participants, isOpenToCustomer } = chat
  const capabilities = isOpenToCustomer && customerIn(chat) ? open : []
  return { id, state, capabilities, participants: participants.map(showPerson) }
}

/** A line of the customer's log. Only one that leaked carries its visibility. */
export function showLine({ index, type, text, noticeText, visibility, from }: LogEntry) {
  return {
    index,
    type,
    ...(text !== undefined && { text }),
    ...(noticeText !== undefined && { noticeText }),
    ...(visibility === 'Agents' && { visibility }),
    from: showPerson(from),
  }
}
