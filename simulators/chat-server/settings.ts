import { z } from 'zod'

const ack = z.enum(['ok', 'error', 'none'])
const failure = z.enum(['error', 'unavailable'])
const initAnswer = z.enum(['ok', 'empty', 'no-conversation', 'no-participant', ...failure.options])

/** How the server behaves where the vendor's pages leave it open, or where it can go wrong. */
export const settingsSchema = z.strictObject({
  /** What `init` answers: `error` is 500, `unavailable` 503, `empty` a 200 without a body; only `ok`, `empty` and the two
   *  incomplete ones open a conversation. */
  initAnswer,
  /** Answers of the next `init` calls, used up one by one, before `initAnswer` counts again. */
  initAnswers: z.array(initAnswer),
  /** Writes `Participant` and `Timestamp` in the answer of `init`. */
  capitalisedKeys: z.boolean(),
  /** The participant of `init`: an object with the id under this key, or the bare id. */
  participantShape: z.enum(['id', '_id', 'participantId', 'string']),
  /** Channels that exist; empty for any. */
  channels: z.array(z.string()),
  /** Failures of the next transcript calls, used up one by one. */
  transcriptAnswers: z.array(failure),

  /** A connector whose id is not its channel is not registered; `disconnect` cuts it off as well. */
  badConnector: z.enum(['ignore', 'disconnect']),
  /** An `error` lets nobody join, and takes no message. */
  joinAck: ack,
  sendAck: ack,
  /** What an acknowledgement carries. */
  acks: z.strictObject({ ok: z.array(z.unknown()), error: z.array(z.unknown()) }),
  /** What the one who joined is sent. */
  joinEvents: z.enum(['both', 'info', 'greetings', 'none']),
  /** So many of the next joins go unheard. Counted down. */
  mutedJoins: z.int().nonnegative(),
  /** Where `conversationInfo` has the conversation's id: under this key of `conversation`. */
  infoIdKey: z.enum(['id', '_id', 'conversationId']),
  infoParticipantsKey: z.enum(['participant', 'participants']),
  /** The replay in `conversationInfo` holds activities too (all but typing), not only what was said. */
  replaysActivities: z.boolean(),
  /** Lets people join a conversation that is over, and tells them so again. */
  joinsEnded: z.boolean(),

  /** Sends a message back to the socket it came from. */
  echoes: z.boolean(),
  /** Sends whispers to the customer, which the server should not do. */
  leaksWhispers: z.boolean(),
  /** Gives messages an `id`. */
  messageIds: z.boolean(),
  /** Gives messages a `timestamp`. */
  timestamps: z.boolean(),
  /** Where an activity says whom it is about. */
  activityShape: z.enum(['info.participant', 'info.id', 'from']),
  /** Answers `endConversation` with `endOfConversation`. */
  confirmsEnd: z.boolean(),

  /** What follows the first join: an agent comes in, a hand-off starts, nobody is free, or all waits for `requestAgentTransfer`. */
  routing: z.enum(['agent-joins', 'hand-off', 'no-agent', 'on-request']),
  /** The agent who comes in, and who speaks where no other is named. */
  agentName: z.string(),

  /** A header that REST (else 401) and the handshake (else 403) must carry. */
  accessHeader: z.strictObject({ name: z.string(), value: z.string() }).nullable(),
  /** What the handshake's `auth` must hold; with protocol 2, its query. */
  auth: z.record(z.string(), z.string()),
})

export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = {
  initAnswer: 'ok',
  initAnswers: [],
  capitalisedKeys: false,
  participantShape: 'id',
  channels: [],
  transcriptAnswers: [],
  badConnector: 'ignore',
  joinAck: 'ok',
  sendAck: 'ok',
  acks: { ok: [{ status: 'ok' }], error: [{ error: 'refused' }] },
  joinEvents: 'both',
  mutedJoins: 0,
  infoIdKey: 'id',
  infoParticipantsKey: 'participant',
  replaysActivities: false,
  joinsEnded: false,
  echoes: false,
  leaksWhispers: true,
  messageIds: true,
  timestamps: true,
  activityShape: 'info.participant',
  confirmsEnd: true,
  routing: 'agent-joins',
  agentName: 'Luis',
  accessHeader: null,
  auth: {},
}
