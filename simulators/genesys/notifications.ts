import type { ChatEvent } from './events.ts'
import { placeOf, showSeatChat, showSeatLine } from './seat-view.ts'
import type { Topic } from './settings.ts'
import type { Chat, LogEntry } from './types.ts'
import type { Workspace } from './workspace.ts'

/** What one seat is told; `data` is made for each channel it goes to. */
export type Notification = { seat: string; data(topic: Topic): Record<string, unknown> }

/** What happened, as notifications to the seats it concerns. */
export function toNotifications(workspace: Workspace, event: ChatEvent): Notification[] {
  const { chat } = event
  switch (event.kind) {
    case 'log':
      return seatsIn(chat).map(seat => tellLines(workspace, chat, seat, [event.entry]))
    case 'history':
      return [tellLines(workspace, chat, event.seat, event.entries)]
    case 'participants':
      return (event.seat ? [event.seat] : seatsIn(chat)).map(seat =>
        tellChat(workspace, chat, seat, 'ParticipantsUpdated'),
      )
    case 'state':
      return [tellChat(workspace, chat, event.seat, 'StatusChange')]
    case 'error':
      return [tellError(workspace, event)]
  }
}

function seatsIn(chat: Chat): string[] {
  return [...chat.seats].filter(([, state]) => state === 'Chatting').map(([seat]) => seat)
}

/** A change of state comes without its participants [D, after Accept]; they follow. */
function tellChat(
  workspace: Workspace,
  chat: Chat,
  seat: string,
  notificationType: 'StatusChange' | 'ParticipantsUpdated',
): Notification {
  const present = notificationType === 'StatusChange' ? [] : chat.participants
  const shown = showSeatChat(workspace, chat, chat.seats.get(seat) ?? 'Completed', present)
  return { seat, data: topic => stateChange(workspace, chat, topic, notificationType, shown) }
}

function tellError(workspace: Workspace, event: Extract<ChatEvent, { kind: 'error' }>): Notification {
  const { chat, seat, referenceId, code, text } = event
  const shown = showSeatChat(workspace, chat, chat.seats.get(seat) ?? 'Completed', chat.participants)
  const more = { referenceId, statusCode: code, statusMessage: text }
  const data = (topic: Topic) => ({ ...stateChange(workspace, chat, topic, 'Error', shown), ...more })
  return { seat, data }
}

/** The resource is called `interaction` on the older channel [I: no sample is public]. */
function stateChange(
  workspace: Workspace,
  chat: Chat,
  topic: Topic,
  notificationType: string,
  shown: Record<string, unknown>,
): Record<string, unknown> {
  const messageType = 'ChatStateChangeMessage'
  if (topic === '/v2/me/chats') return { messageType, notificationType, chat: shown }
  const interaction = { ...shown, ...placeOf(workspace, chat, 'interactions') }
  return { messageType, notificationType, interaction }
}

function tellLines(workspace: Workspace, chat: Chat, seat: string, entries: LogEntry[]): Notification {
  const messages = entries.map(entry => showSeatLine(workspace, entry))
  const lines = { messageType: 'MessageLogUpdated', notificationType: 'NewMessages', messages }
  return { seat, data: topic => ({ ...lines, ...nameOf(workspace, chat, topic) }) }
}

function nameOf(workspace: Workspace, chat: Chat, topic: Topic): Record<string, string> {
  const word = topic === '/v2/me/chats' ? 'chat' : 'interaction'
  const { uri, path } = placeOf(workspace, chat, `${word}s`)
  const { naming } = workspace.settings
  return {
    ...(naming !== 'path' && { [`${word}Uri`]: uri }),
    ...(naming !== 'uri' && { [`${word}Path`]: path }),
  }
}
