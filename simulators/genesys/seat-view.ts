import { participantId } from './customer-view.ts'
import type { Chat, LogEntry, Participant, SeatState, User } from './types.ts'
import type { Workspace } from './workspace.ts'

/** What a seat may do now, by the later names of the operations. */
const capabilities: Record<SeatState, string[]> = {
  Invited: ['Accept', 'Reject'],
  Chatting: [
    'SendMessage',
    'SendStartTypingNotification',
    'SendStopTypingNotification',
    'SendToAgents',
    'SendCustomNoticeToAgents',
    'Invite',
    'Transfer',
    'Leave',
    'Complete',
  ],
  LeftChat: ['Complete'],
  Completed: [],
  Revoked: [],
  Gone: [],
}

export function showUser({ site }: Workspace, user: User) {
  const { id, userName, firstName, lastName } = user
  const path = `/users/${id}`
  const uri = `${site.url}/api/v2${path}`
  return { id, userName, firstName, lastName, roles: ['ROLE_AGENT'], enabled: true, uri, path }
}

function showPerson(workspace: Workspace, person: Participant, visibility?: string) {
  const { nickname, type, user: userName = '' } = person
  const user = workspace.settings.agentUris && workspace.state.users.get(userName)
  const shown = { nickname, type, participantId: participantId(person), ...(visibility && { visibility }) }
  if (!user) return shown
  const { id, uri, path } = showUser(workspace, user)
  return { ...shown, id, uri, path }
}

/** Where a seat's chat is, in the way notifications name it. */
export function placeOf({ site }: Workspace, { interactionId }: Chat, folder: 'chats' | 'interactions') {
  const path = `/${folder}/${interactionId}`
  return { uri: `${site.url}/api/v2${path}`, path }
}

/** The chat resource, as the seat in this state sees it. */
export function showSeatChat(workspace: Workspace, chat: Chat, state: SeatState, present: Participant[]) {
  return {
    id: chat.interactionId,
    state: state === 'Gone' ? 'Completed' : state,
    ...placeOf(workspace, chat, 'chats'),
    chatType: 'Inbound',
    receivedDate: new Date(chat.at).toISOString(),
    capabilities: capabilities[state],
    participants: present.map(person => showPerson(workspace, person, 'All')),
    userData: chat.userData,
  }
}

/** A line of a notification. `timestampSeconds` is in milliseconds, as in all the vendor's samples. */
export function showSeatLine(workspace: Workspace, entry: LogEntry) {
  const { index, type, text, noticeText, visibility, at, from } = entry
  return {
    index,
    type,
    ...(text !== undefined && { text }),
    ...(noticeText !== undefined && { noticeText }),
    visibility,
    timestamp: new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000'),
    timestampSeconds: at,
    from: showPerson(workspace, from),
  }
}
