import { z } from 'zod'

// What Web Services tells a seat (docs.genesys.com, HTCC API, AsynchronousEvents and ChatMessageType). For the topic
// `/v2/me/interactions` no sample is public: it is read like the other one, by what is there and not by its name [I].

const word = z.string().optional().catch(undefined)
const list = z.array(z.unknown()).catch([])

/** Ids are words; a number would do as well. */
const id = z
  .union([z.string().min(1), z.number().transform(String)])
  .optional()
  .catch(undefined)

/** `GET /me` */
export const meAnswer = z.looseObject({
  user: z.looseObject({
    id: z.union([z.string().min(1), z.number().transform(String)]),
    uri: word,
    path: word,
  }),
})

/** `GET /me/interactions?fields=*`: in the format of notifications [D]. */
export const interactionsAnswer = z.looseObject({ interactions: z.array(z.unknown()) })

export const participant = z.looseObject({
  nickname: word,
  /** `Customer`, `Agent`, `External`; at Mobile Services also `Client`, `Supervisor`. */
  type: word,
  participantId: id,
  /** Of agents, and not always: who they are as users. */
  id,
  uri: word,
  path: word,
})

export type Participant = z.infer<typeof participant>

export const line = z.looseObject({
  index: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(0)),
  type: word,
  text: word,
  from: participant.optional().catch(undefined),
  visibility: word,
  /** Milliseconds in every sample, whatever its name says [D]. */
  timestampSeconds: z.number().optional().catch(undefined),
})

export type Line = z.infer<typeof line>

const named = { id, path: word, uri: word }

export const resource = z.looseObject({
  ...named,
  state: word,
  capabilities: z.array(z.string()).optional().catch(undefined),
  participants: list.optional(),
  messages: list.optional(),
  userData: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

export type Resource = z.infer<typeof resource>

const maybe = resource.optional().catch(undefined)

export const notification = z.looseObject({
  notificationType: word,
  chat: maybe,
  interaction: maybe,
  interactions: z.array(resource).optional().catch(undefined),
  chatPath: word,
  chatUri: word,
  interactionPath: word,
  interactionUri: word,
  path: word,
  uri: word,
  messages: list.optional(),
  statusCode: z.unknown().optional(),
  referenceId: z.unknown().optional(),
})
