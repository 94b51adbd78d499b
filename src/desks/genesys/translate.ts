import type { AgentEvent } from '../../domain/agent-event.ts'
import { groupOf } from '../../domain/department.ts'
import type { Message } from '../../domain/message.ts'
import { toLink } from '../../domain/pieces.ts'
import type { OpeningRequest } from '../desk.ts'
import { fillTemplate } from '../template.ts'
import type { ChatLine, ChatRequest } from './customer-leg.ts'
import type { Settings } from './settings.ts'

/** Throws UNKNOWN_DEPARTMENT where `endpoints` has no line for the department. */
export function toChatRequest(request: OpeningRequest, settings: Settings): ChatRequest {
  const { client, department, session } = request
  const key = settings.user_data_key
  const nickname = client.name?.trim() || settings.client_nickname
  const extra = Object.entries(settings.user_data).map(([key, text]) => [key, fillTemplate(text, request)])
  return {
    nickname,
    subject: fillTemplate(settings.subject, request) || nickname,
    queue: settings.endpoints ? groupOf(settings.endpoints, department) : department,
    userData: {
      ...Object.fromEntries(extra.filter(([, value]) => value !== '')),
      [key]: session,
      ...(department !== '' && { [`${key}Department`]: department }),
    },
  }
}

/** What the flow has asked before, a line each; '' when it has not. */
export function toHistory({ results }: OpeningRequest): string {
  const told = Object.entries(results).filter(([, value]) => value !== '')
  return told.map(([name, value]) => `${name}: ${value}`).join('\n')
}

/** The words of a message; its files as links, a line each. */
export function toText({ text, attachments }: Message): string {
  return [text, ...attachments.map(toLink)].filter(part => part !== '').join('\n')
}

/** Whose words are whose, in chats of this desk. */
export type Ears = {
  /** Our own seat, which is an agent like others to the chat. */
  seatNickname: string | undefined
  relayExternal: boolean
}

/** What a line means to the client; undefined when it is none of their concern. */
export function toEvent(chat: string, line: ChatLine, ears: Ears): AgentEvent | undefined {
  if (!line.isForClient || isSeat(line, ears)) return undefined
  const about = { conversation: chat, id: `${chat}:${line.index}`, at: line.at }
  switch (line.kind) {
    case 'text':
      return isSpoken(line, ears) ? { ...about, type: 'message', ...toSaid(line) } : undefined
    case 'joined':
      return line.by === 'agent'
        ? { ...about, type: 'assigned', agent: line.nickname || undefined }
        : undefined
    case 'left':
      return line.by === 'agent' ? { ...about, type: 'agent-left' } : undefined
    case 'other':
      return undefined
    default:
      return line.kind satisfies never
  }
}

/** By its nickname: the customer's log has nothing surer. */
export function isSeat({ by, nickname }: ChatLine, ears: Ears): boolean {
  return by === 'agent' && isSeatNickname(nickname, ears)
}

export function isSeatNickname(nickname: string | undefined, { seatNickname }: Ears): boolean {
  return nickname !== undefined && nickname === seatNickname
}

function isSpoken({ by, text }: ChatLine, { relayExternal }: Ears): boolean {
  return text !== '' && (by === 'agent' || by === 'supervisor' || (by === 'system' && relayExternal))
}

function toSaid({ by, nickname, text }: ChatLine): { message: Message; agent?: string; automatic?: true } {
  const message = { text, attachments: [] }
  return by === 'system' ? { message, automatic: true } : { message, agent: nickname || undefined }
}
