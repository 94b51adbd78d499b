import { z } from 'zod'
import { template } from '../template.ts'

// [D]: the vendor's page says so (Customer Channel API 3.15). [I]: inferred, because what can be read of it does not say.

const word = z.string().trim().min(1)

/** A name that HTTP allows, and none of those that say how the call itself is made. */
const headerName = z
  .string()
  .regex(
    /^(?!(?:host|connection|upgrade|content-length|content-type|transfer-encoding)$)[\w!#$%&'*+.^`|~-]+$/i,
    'is no header that can be added',
  )

const headerValue = z.string().regex(/^[\t\x20-\x7e]+$/, 'a header is made of plain characters')

const connector = z
  .strictObject({
    /** Must be the channel's name [D]; the channel when left out. */
    id: word.optional(),
    /** As the chat server's administrators see it. */
    name: word,
    channel: word,
  })
  .transform(given => ({ ...given, id: given.id ?? given.channel }))
  .refine(({ id, channel }) => id === channel, {
    path: ['id'],
    message:
      'the chat server wants the channel as id of its connector: write the same in both, or leave id out',
  })

const milliseconds = z.int().min(50).max(60_000)

const table = z.strictObject({
  /** Where REST is, without `/api`: `https://chat.example.org`, port 8080 or 443 unless written [D]. */
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      url => !/[?#]|\/(?:api|socket\.io)(?:\/|$)/.test(url),
      'write the address without /api, /socket.io, ? and #',
    )
    .transform(url => url.replace(/\/+$/, '')),
  /** What is said in `registerConnector` [D]. */
  connector,
  /** The whole path of Socket.IO on the host of `url`; by default what `url` has of a path, and `/socket.io` [I]. */
  path: z
    .string()
    .regex(/^\/[^?#]*$/, 'a path starts with / and has no ? and #')
    .transform(path => path.replace(/\/+$/, ''))
    .optional(),
  /** What the server speaks: 4 for Socket.IO 3 and later, 2 for Socket.IO 2, which servers of 2018 to 2020 have [I]. */
  socket_protocol: z.literal([4, 2]).default(4),
  /** In the order in which they are tried. */
  transports: z
    .array(z.enum(['polling', 'websocket']))
    .min(1)
    .default(['polling', 'websocket']),
  /** Further headers of every call and of the handshake, for a proxy that wants some: none is documented [I]. */
  headers: z.record(headerName, headerValue).default({}),
  /** Sent as `auth` of the handshake, with `socket_protocol = 2` in its query: none is documented [I]. */
  auth: z.record(word, word).default({}),
  /** Scheme of the client's address → `channel` of the conversation (`web`, `fb`, `sms`, `twitter` [D]); `default` for all others. */
  channels: z.record(word, word).default({}),
  /** Department → `subject`, the skill group; `default` is for all others. Without the table the department as it is. */
  groups: z.record(word, word).optional(),
  /** `language` of the conversation; left out when empty. */
  language: z.string().trim().default(''),
  /** How agents see a client who has no name: `firstName` is demanded [D]. */
  client_name: word.default('Client'),
  /** Tells the phone number as `phone` and `refId`; otherwise `refId` is the client's uuid, and `phone` stays empty. */
  send_phone: z.boolean().default(false),
  send_email: z.boolean().default(false),
  /** `comment` of the conversation. */
  comment: template.default(''),
  /** Adds the flow's results to `comment`, a line each. */
  send_results: z.boolean().default(false),
  /** An event emitted with the conversation's id once it is joined, such as `requestAgentTransfer` where a robot stands in
   *  front of the agents [D name, I payload]; empty: none. */
  transfer_event: z.string().trim().default(''),
  /** What becomes of an opening to which the server says at once that no agent is available: it waits, or it is ended and
   *  refused, so that the route's next desk is asked. */
  no_agent: z.enum(['wait', 'refuse']).default('wait'),
  /** Passes on what participants of type `Bot` say to the client. */
  relay_bots: z.boolean().default(true),
  /** Passes on the server's greeting, where it has a text. */
  relay_greetings: z.boolean().default(false),
  /** What the client reads in place of a file that is at no address of the web (`file:`, `data:`), which is never opened;
   *  `{name}` is filled in. Empty: nothing. */
  file_notice: z.string().default('📎 {name}'),
  /** Passes on what third parties send through the connector, outside any conversation, to the client who is in one under
   *  the same `refId`. */
  deliver_campaigns: z.boolean().default(false),
  /** How long one attempt to join a conversation waits for a sign that it did, in ms. */
  join_timeout_ms: milliseconds.default(5_000),
  /** How long an ending waits for the server to confirm it, in ms; then it counts as done. */
  end_timeout_ms: milliseconds.default(3_000),
})

export type Settings = z.output<typeof table> & { path: string }

export const settings = table.transform(
  (given): Settings => ({ ...given, path: given.path || `${pathOf(given.url)}/socket.io` }),
)

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, '')
}
