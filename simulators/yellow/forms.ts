import { z } from 'zod'
import type { Shape } from './types.ts'

// The mandatory fields of the specification's three tables, and the types they give. Further keys are let through.

const filled = z.string().min(1)
/** Mandatory, yet what a bot may not know. */
const maybeEmpty = z.string()

const whose = {
  senderId: filled,
  messageId: filled,
  source: filled,
  conversationId: filled,
  userName: filled,
}

export const newTicket = z.looseObject({
  ...whose,
  userMobile: maybeEmpty,
  userEmail: maybeEmpty,
  conversationHistory: maybeEmpty,
  ticketPriority: z.string().regex(/^(?:low|medium|high)$/i),
  ticketCategory: z.string().optional(),
  ticketGroupId: z.string().optional(),
  customFields: z.record(z.string(), z.unknown()).optional(),
  conversationHistoryJSON: z.array(z.unknown()).optional(),
})

const toTicket = { ...whose, userEmail: maybeEmpty.optional() }

export const textMessage = z.looseObject({
  ...toTicket,
  ticketId: filled,
  messageType: z.literal('text'),
  message: filled,
})

export const mediaMessage = z.looseObject({
  ...toTicket,
  /** A number in the table, a text in the sample. */
  ticketId: z.union([filled, z.number()]).transform(String),
  messageType: z.literal('media'),
  mediaJson: z.looseObject({
    type: z.enum(['image', 'video', 'file']),
    url: z.url({ protocol: /^https?$/ }),
  }),
})

const record = z.record(z.string(), z.unknown())

/** All keys of a body side by side, and how they came. Undefined for what is no object. */
export function unwrap(body: unknown): { shape: Shape; form: Record<string, unknown> } | undefined {
  const root = record.safeParse(body).data
  if (!root) return undefined
  const wrapped = record.safeParse(root.body).data
  const { user, ticket, ...rest } = wrapped ?? root
  const people = record.safeParse(user).data
  const matter = record.safeParse(ticket).data
  const shape = wrapped ? 'wrapped' : people || matter ? 'unwrapped' : 'flat'
  return { shape, form: { ...rest, ...people, ...matter } }
}
