import { z } from 'zod'

// Only what we use is read, and only what we cannot do without is demanded.

const word = z.string().optional().catch(undefined)
const count = z.number().optional().catch(undefined)
/** ISO text in all known versions. */
const time = z.union([z.string(), z.number()]).optional().catch(undefined)
const list = z.array(z.unknown()).optional().catch(undefined)

const person = z.object({ _id: word, username: word, name: word }).optional().catch(undefined)
const server = z.object({ _id: word, username: word, ts: time }).optional().catch(undefined)

// --- answers of the REST API

export const visitorAnswer = z.object({ visitor: z.object({ token: z.string().min(1) }) })

export const roomAnswer = z.object({ room: z.object({ _id: z.string().min(1), servedBy: server }) })

export const messageAnswer = z.object({ message: z.object({ rid: z.string() }) })

/** The uploaded file's message, flat. */
export const uploadAnswer = z.object({ rid: word })

export const configAnswer = z.object({
  config: z.object({
    /** The visitor's open room, if any. */
    room: z
      .object({ _id: z.string().min(1) })
      .optional()
      .catch(undefined),
    /** `limitTextLength` is false where there is no limit. */
    settings: z.object({ limitTextLength: count }).optional().catch(undefined),
  }),
})

/** Read strictly: a room that is missing from it is taken for closed. `enabled` is false while Omnichannel is switched off. */
export const standingAnswer = z.object({
  config: z.object({
    enabled: z.literal(true),
    guest: z.object({ _id: z.string().min(1) }).nullish(),
    room: z.object({ _id: z.string().min(1), servedBy: server }).nullish(),
    /** Whoever serves that room; without a name where agents are not shown to visitors. */
    agent: person.nullable().catch(undefined),
  }),
})

export const historyAnswer = z.object({ messages: z.array(z.unknown()) })

export const anyAnswer = z.object({})

// --- webhooks (apps/meteor/app/livechat/server/hooks/sendToCRM.ts)

export const webhookKind = z.object({ type: z.string().min(1) })

/** The common body of all types but LivechatOfflineMessage. Nothing in it is demanded. */
export const roomEvent = z.object({
  /** The room's id. */
  _id: word,
  visitor: z.object({ _id: word, token: word }).optional().catch(undefined),
  agent: person,
  servedBy: server,
  departmentId: word,
  lastMessageAt: time,
  closedAt: time,
  closer: word,
  messages: list,
})

export type RoomEvent = z.infer<typeof roomEvent>

/** One of `messages`. */
export const roomMessage = z.object({
  _id: word,
  rid: word,
  u: person,
  username: word,
  /** There when the author is not the visitor. */
  agentId: word,
  /** Missing with a file alone; the blocks as JSON where `blocks` are all there is (5.3 and later). */
  msg: word,
  blocks: list,
  ts: time,
  editedAt: time,
  /** Set on system messages. */
  t: word,
  navigation: z.unknown().optional(),
  closingMessage: z.boolean().optional().catch(undefined),
  file: z.object({ name: word, type: word, size: count }).optional().catch(undefined),
  attachments: z
    .array(z.object({ description: word }))
    .optional()
    .catch(undefined),
  fileUpload: z.object({ publicFilePath: word, type: word, size: count }).optional().catch(undefined),
})

export type RoomMessage = z.infer<typeof roomMessage>

/** A message as the room keeps it, where that is not as the webhook tells it. */
export const keptMessage = z.object({
  _id: z.string().min(1),
  /** The room's id. */
  rid: word,
  /** Of the visitor; there on the visitor's own messages only. */
  token: word,
  /** Set on system messages. */
  t: word,
  u: person,
  ts: time,
})
