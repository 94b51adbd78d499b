import { z } from 'zod'

const topic = z.enum(['/v2/me/chats', '/v2/me/interactions'])

const shape = {
  /** Wants the CSRF header on what is not a GET: nowhere, at REST, or at REST and notifications. Default `off`. */
  csrf: z.enum(['off', 'rest', 'all']),
  /** How a Reject is answered; default `status0`, which is `{"status":0}`. */
  reject: z.enum(['empty', 'status0']),
  /** HTTP status of an answer with `statusCode` > 0: always 200 (the default), or what the code means. 20 is always 401. */
  errorStatus: z.enum(['always-200', 'mapped']),
  /** The channels notifications are published on; default `/v2/me/chats` only. */
  topics: z.array(topic),
  /** What a message notification names its chat by: `chatUri`, `chatPath` or, the default, both. */
  naming: z.enum(['both', 'uri', 'path']),
  /** Whether agents in notifications carry `uri`, `path` and `id`; default true. */
  agentUris: z.boolean(),
  /** Whether every successful seat operation of dialect A is answered with a `referenceId`; default false. */
  referenceIds: z.boolean(),
  /** Shows lines for agents only to the customer too, marked `"visibility":"Agents"`. Default false. */
  leakWhispers: z.boolean(),
  /** Drops a customer who has not called for this long, in ms; 0, the default, never. Counts from the next call. */
  flexDisconnectMs: z.number().nonnegative(),
  /** The code of a RequestChat for an endpoint that does not exist; default 6. */
  unknownEndpoint: z.union([z.literal(2), z.literal(6)]),
  /** Refuses every Bayeux handshake with `403::handshake_denied`. Default false. */
  denyHandshake: z.boolean(),
  /** Channels that cannot be subscribed to; a subscription that names one fails as a whole. */
  refusedSubscriptions: z.array(z.string()),
  /** Sets the cookie of a load balancer, `AWSELB`. Default true. */
  stickyCookie: z.boolean(),
}

export const settingsSchema = z.strictObject(shape).partial()

/** How this contact centre behaves; everything may be changed while it runs. */
export type Settings = z.infer<z.ZodObject<typeof shape>>
export type Topic = z.infer<typeof topic>

export const defaultSettings: Settings = {
  csrf: 'off',
  reject: 'status0',
  errorStatus: 'always-200',
  topics: ['/v2/me/chats'],
  naming: 'both',
  agentUris: true,
  referenceIds: false,
  leakWhispers: false,
  flexDisconnectMs: 0,
  unknownEndpoint: 6,
  denyHandshake: false,
  refusedSubscriptions: [],
  stickyCookie: true,
}
