import { z } from 'zod'

const nullableText = z.string().min(1).nullable()
const scalar = z.union([z.string(), z.number(), z.boolean()])
const entries = z.record(z.string(), scalar)

/** The body of queue/external. Either shape of `extra` passes, since no page has a sample that is JSON. */
export const queueBody = z.strictObject({
  botId: z.int(),
  groupsId: z.array(z.int()).min(1),
  botToken: z.string().min(1),
  protocolId: z.int(),
  user: z.strictObject({
    hash: z.string().regex(/^[A-Za-z0-9]+$/, 'letters and digits only'),
    firstname: z.string().min(1),
    lastname: nullableText,
    username: nullableText.optional(),
    email: nullableText,
    phone: z.string().regex(/^\d+$/, 'digits only').nullable(),
    picture: nullableText.optional(),
    extra: z.union([z.array(entries), entries]),
  }),
  status: z.literal('queued'),
  lastSender: z.literal('user'),
})

export type QueueBody = z.infer<typeof queueBody>

const address = z.url({ protocol: /^https?$/ })

const userItem = z
  .strictObject({
    action: z.enum(['text', 'file', 'image']),
    value: z.string().min(1),
    source: z.literal('user'),
  })
  .refine(({ action, value }) => action === 'text' || address.safeParse(value).success, 'value must be a URL')

/** The body of client/message. */
export const messageBody = z.strictObject({ message: z.array(userItem).min(1) })
