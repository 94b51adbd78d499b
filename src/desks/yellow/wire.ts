import { z } from 'zod'

// Only what we use is read, and only what we cannot do without is demanded. All bodies come through parseExactly.

const word = z.string().trim().min(1).optional().catch(undefined)

/** A text, or a number as its digits; null, '' and objects are no id. */
const id = z
  .union([z.string(), z.number()])
  .transform(value => String(value).trim())
  .pipe(z.string().min(1))
  .optional()
  .catch(undefined)

const flag = z
  .union([z.boolean(), z.stringbool(), z.number().transform(Boolean)])
  .optional()
  .catch(undefined)

// --- answers of the desk

const data = z
  .object({ ticketId: id, isAgentAvailable: flag, isQueued: flag })
  .catch({ ticketId: undefined, isAgentAvailable: undefined, isQueued: undefined })

/** `{"status": "success" | "failure", "data": {…}, "message"}`; nothing in it is demanded. */
export const answer = z.object({
  /** In lower case. */
  status: z
    .union([z.string(), z.boolean(), z.number()])
    .transform(value => String(value).trim().toLowerCase() || undefined)
    .optional()
    .catch(undefined),
  data,
  message: word,
})

export type Answer = z.infer<typeof answer>

// --- events (the page's "Webhook" part; docs.yellow.ai/docs/platform_concepts/appConfiguration/locobuzz-livechat has real ones)

/** Samples are numbers; one of them has ten digits, which are epoch seconds. */
const time = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .optional()
  .catch(undefined)

export const event = z.object({
  event: z.string().trim().min(1),
  ticketId: id,
  senderId: id,
  agentId: id,
  agentName: word,
  ticketAssignedTime: time,
  ticketResolvedTime: time,
  message: z.unknown().optional(),
})

export type Event = z.infer<typeof event>

/** `message` of `payload-received-from-agent`. The documented key is `payLoad`. */
export const agentMessage = z.object({
  type: word,
  payLoad: z.unknown().optional(),
  payload: z.unknown().optional(),
})

export const payload = z.object({ content: z.unknown().optional() })

/** `content` of a message of the type `media`. The documented key is `mediaUrl`. */
export const media = z.object({ type: word, mediaUrl: word, url: word })
