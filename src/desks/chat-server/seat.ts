import { z } from 'zod'
import type { Conversation } from '../../domain/session.ts'

/** The client's part in one conversation: all that is needed to speak in it, on any replica. */
export const seat = z.object({
  conversation: z.string(),
  participant: z.string(),
  name: z.string(),
  /** The account it was opened with. */
  refId: z.string(),
})

export type Seat = z.infer<typeof seat>

export function toConversation({ conversation, ...state }: Seat): Conversation {
  return { id: conversation, state }
}

/** Undefined for a state that is none of ours. */
export function toSeat({ id, state }: Conversation): Seat | undefined {
  return seat.safeParse({ ...Object(state), conversation: id }).data
}
