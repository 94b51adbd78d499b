import { linesFor } from './customer.ts'
import type { Chat, LogEntry } from './types.ts'
import type { Workspace } from './workspace.ts'

/** A line as GMS tells it: `Message` for a text, `Client` for the customer, numbers for participants. */
function showLine({ index, type, text, noticeText, visibility, from, at }: LogEntry) {
  return {
    index,
    type: type === 'Text' ? 'Message' : type,
    ...(text !== undefined && { text }),
    ...(noticeText !== undefined && { text: noticeText }),
    ...(visibility === 'Agents' && { visibility }),
    utcTime: at,
    from: {
      nickname: from.nickname,
      participantId: from.number,
      type: from.type === 'Customer' ? 'Client' : from.type,
    },
  }
}

/**
 * What every call on a chat is answered with. From `position` on; 0 gives no lines [O], absent all of them [I].
 * `nextPosition` also counts lines the customer may not see.
 */
export function showTranscript(workspace: Workspace, chat: Chat, position = 1) {
  const lines = position === 0 ? [] : linesFor(workspace, chat, position)
  const chatEnded = chat.state === 'Idle'
  const nextPosition = chat.log.length + 1
  return { statusCode: 0, chatEnded, ...chat.keys, nextPosition, messages: lines.map(showLine) }
}

/** 1: this call failed; 2: nothing more will work on this chat. The `errors[].code` are not documented [I]. */
export function showError(statusCode: 1 | 2, code: number, advice: string, chatEnded = false) {
  return { statusCode, chatEnded, errors: [{ code, advice }] }
}
