import { z } from 'zod'
import type { ChatLine } from './customer-leg.ts'
import { authorOf, count, id, list, participant, word } from './wire.ts'

// Answers of Chat API v2 of Mobile Services (docs.genesys.com, GMS API, ChatAPIv2). Only what we use is read, and only
// what we cannot do without is demanded.

/** What every later call carries. `secureKey` is a secret. */
export const keys = z.object({ userId: id, secureKey: id, alias: id })

export const createAnswer = keys.extend({ chatId: id })

/** What all answers have. Statuses: 0 done, 1 failed for now, 2 over for good (ES WebAPIDEV, ChatService) [D]. */
export const anyAnswer = z.looseObject({
  statusCode: count,
  chatEnded: z.boolean().catch(false),
  /** [O] */
  errors: z.array(z.looseObject({ code: z.union([z.number(), z.string()]) })).catch([]),
})

export type AnyAnswer = z.infer<typeof anyAnswer>

export const refreshAnswer = z.looseObject({
  nextPosition: count.optional().catch(undefined),
  messages: list,
})

/** One of `messages`. */
const message = z.looseObject({
  index: count,
  type: word,
  text: word,
  from: participant.optional().catch(undefined),
  /** Epoch ms. */
  utcTime: z.number().optional().catch(undefined),
})

/** An address that is pushed is something the agent says [O]. */
const KINDS: ReadonlyMap<string | undefined, ChatLine['kind']> = new Map([
  ['Message', 'text'],
  ['PushUrl', 'text'],
  ['ParticipantJoined', 'joined'],
  ['ParticipantLeft', 'left'],
] as const)

/** Undefined: no line of a chat. What is said among agents is not in this log at all. */
export function toLine(read: unknown): ChatLine | undefined {
  const { data } = message.safeParse(read)
  if (!data) return undefined
  return {
    index: data.index,
    kind: KINDS.get(data.type) ?? 'other',
    by: authorOf(data.from),
    nickname: data.from?.nickname,
    text: data.text ?? '',
    isForClient: true,
    at: data.utcTime,
  }
}
