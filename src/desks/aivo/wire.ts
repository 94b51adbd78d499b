import { z } from 'zod'

// Only what we use is read, and only what we cannot do without is demanded.

/** Text, or a number in its place. */
const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined)
const count = z.number().optional().catch(undefined)

/** Answer to queue/external. The vendor's page calls the id `conversationId`, its webhook `roomId`. */
export const queueAnswer = z.object({ conversationId: word, roomId: word })

// --- webhooks ("Responses received to Webhook from the Live API", helpaivoen.aivohelp.com/article/…/757839)

/** The envelope of all events [D], but for its `timestamp`, which has more digits than a number of JSON keeps. */
export const liveEvent = z.object({
  name: z.string().trim().min(1),
  roomId: word,
  conversationId: word,
  botId: word,
  /** Epoch seconds. */
  eventTime: count,
  data: z.unknown().optional(),
})

export type LiveEvent = z.infer<typeof liveEvent>

/** An empty object after a transfer to a group [D]. */
const person = z.object({ name: word, nickname: word }).optional().catch(undefined)

/** `data` of any event; empty where it is no object. */
export const eventData = z
  .object({
    hash: word,
    agent: person,
    source: word,
    message: z.unknown(),
    messages: z.unknown(),
  })
  .partial()
  .catch({})

export type EventData = z.infer<typeof eventData>

/** One thing said, by analogy with what we send [I]. Words alone are a text. */
export const saidItem = z.preprocess(
  said => (typeof said === 'string' ? { value: said } : said),
  z.object({ action: word, type: word, value: word, text: word, source: word }),
)

export type SaidItem = z.infer<typeof saidItem>
