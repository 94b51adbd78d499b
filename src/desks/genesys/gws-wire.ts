import { z } from 'zod'
import type { ChatLine, ChatState } from './customer-leg.ts'
import { authorOf, count, id, list, participant, word } from './wire.ts'

// Answers of the customer chat of Web Services (docs.genesys.com, HTCC API, CustomerChatRequestChat, CustomerChatGetMessages,
// CustomerChatGetChat). Only what we use is read, and only what we cannot do without is demanded.

export const requestAnswer = z.looseObject({ id })

export const messagesAnswer = z.looseObject({ messages: list })

export const chatAnswer = z.looseObject({
  chat: z.looseObject({
    state: word,
    capabilities: z.array(z.string()).optional().catch(undefined),
    participants: list,
  }),
})

/** One of `messages`. */
const message = z.looseObject({
  index: count,
  type: word,
  text: word,
  from: participant.optional().catch(undefined),
  /** `All` or `Agents`. Of the seat's notifications; not documented here [I]. */
  visibility: word,
  /** Milliseconds, whatever its name says. Of the seat's notifications; not documented here [I]. */
  timestampSeconds: z.number().optional().catch(undefined),
})

const KINDS: ReadonlyMap<string | undefined, ChatLine['kind']> = new Map([
  ['Text', 'text'],
  ['ParticipantJoined', 'joined'],
  ['ParticipantLeft', 'left'],
] as const)

/** Undefined: no line of a chat. */
export function toLine(read: unknown): ChatLine | undefined {
  const { data } = message.safeParse(read)
  if (!data) return undefined
  return {
    index: data.index,
    kind: KINDS.get(data.type) ?? 'other',
    by: authorOf(data.from),
    nickname: data.from?.nickname,
    text: data.text ?? '',
    isForClient: data.visibility === undefined || data.visibility === 'All',
    at: data.timestampSeconds,
  }
}

/** States: WaitingForAgent, Chatting, Idle [D]. */
export function toChatState({ chat }: z.infer<typeof chatAnswer>): ChatState {
  const participants = chat.participants.flatMap(one => participant.safeParse(one).data ?? [])
  return {
    over: chat.state === 'Idle',
    agents: participants.filter(one => authorOf(one) === 'agent').map(({ nickname }) => nickname ?? ''),
    waiting: chat.state === 'WaitingForAgent',
    maySpeak: chat.capabilities?.includes('SendMessage'),
  }
}
