import { z } from 'zod'

// What the chat server says, over REST and over its socket. Spelling and nesting of most keys are inferred, so all known
// spellings are read; only what we use is read, and only what we cannot do without is demanded.

const word = z.string().optional().catch(undefined)
const list = z.array(z.unknown()).catch([])

/** Ids are words; a number would do as well. */
const id = z.union([z.string().min(1), z.number()]).transform(String)
const maybeId = id.optional().catch(undefined)

export type Participant = { id?: string; name?: string; type?: string }

/** Somebody in a conversation: an object under one of several keys, or the bare id. */
export const participant = z.union([
  id.transform((id): Participant => ({ id })),
  z
    .looseObject({
      id: maybeId,
      _id: maybeId,
      participantId: maybeId,
      name: word,
      firstName: word,
      type: word,
    })
    .transform(
      (read): Participant => ({
        id: read.id ?? read._id ?? read.participantId,
        name: read.name || read.firstName,
        type: read.type,
      }),
    ),
])

const maybeParticipant = participant.optional().catch(undefined)

/** Of `POST /api/customer/init` [D fields, I nesting]. */
export const initAnswer = z
  .looseObject({ conversationId: id, participant: maybeParticipant, Participant: maybeParticipant })
  .transform((read, context) => {
    const self = read.participant ?? read.Participant
    if (self?.id) return { conversation: read.conversationId, participant: { ...self, id: self.id } }
    context.addIssue({ code: 'custom', path: ['participant'], message: 'is missing' })
    return z.NEVER
  })

/** Root of ChatMessage and ActivityMessage, the two kinds of `messageArrived` [D]. */
export const message = z.looseObject({
  type: z.string(),
  conversationId: maybeId,
  from: maybeParticipant,
  /** Empty for everybody. */
  to: list,
  text: word,
  /** The account; of what third parties send, the only address. */
  refId: maybeId,
  attachments: list,
  tag: z.unknown().optional(),
  id: maybeId,
  _id: maybeId,
  messageId: maybeId,
  /** ISO text as seen; epoch ms would do as well. */
  timestamp: z.union([z.string(), z.number()]).optional().catch(undefined),
  activityType: word,
  info: z
    .looseObject({ participant: maybeParticipant, text: word, message: word })
    .optional()
    .catch(undefined),
})

export type ServerMessage = z.infer<typeof message>

export const attachment = z.looseObject({ type: word, name: word, contentUrl: word })

/** What is received once we have joined [D parameters, I nesting]. */
export const conversationInfo = z
  .looseObject({
    conversation: z
      .union([
        id,
        z
          .looseObject({ id: maybeId, _id: maybeId, conversationId: maybeId })
          .transform(read => read.conversationId ?? read.id ?? read._id),
      ])
      .optional()
      .catch(undefined),
    conversationId: maybeId,
    messages: list,
    participant: list,
    participants: list,
  })
  .transform(read => ({
    conversation: read.conversation ?? read.conversationId,
    messages: read.messages,
    participants: [...read.participant, ...read.participants].flatMap(
      one => participant.safeParse(one).data ?? [],
    ),
  }))

export type ConversationInfo = z.infer<typeof conversationInfo>
