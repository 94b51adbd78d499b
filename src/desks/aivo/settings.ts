import { z } from 'zod'

// [D]: the vendor's page says so ("Query endpoints available in API Live", "Responses received to Webhook from the Live
// API"). [I]: inferred, because what can be read of those pages does not say it.

/** Also as text, so that it can come from a `${NAME}`. */
const wholeNumber = z.union(
  [
    z.int().nonnegative(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ],
  'write a whole number',
)

/** Names of the webhook's events that mean one thing, in any case of letters. */
const eventNames = (...names: string[]) =>
  z.array(z.string().trim().toLowerCase().min(1, 'an event has a name')).prefault(names)

const events = z.strictObject({
  /** An agent has taken the conversation [D]. */
  attended: eventNames('attended'),
  /** It went to another group or agent [D]. */
  transfer: eventNames('transfer'),
  /** Words from the agent: that there is such an event is [D], its name is [I]. */
  message: eventNames('message', 'agentMessage', 'client_message', 'clientMessage'),
  /** The conversation is over: that there is such an event is [D], its name is [I]. */
  closing: eventNames('closed', 'close', 'closing', 'closeConversation', 'endConversation', 'finished'),
})

/** A name that HTTP allows, and none of those that say how the call itself is made. */
const headerName = z
  .string()
  .regex(
    /^(?!(?:host|connection|content-length|content-type|transfer-encoding)$)[\w!#$%&'*+.^`|~-]+$/i,
    'is no header that can be added',
  )

const headerValue = z.string().regex(/^[\t\x20-\x7e]+$/, 'a header is made of plain characters')

export const settings = z.strictObject({
  /**
   * With its path: `https://gateway.aivo.co/api/v1/live-handler`, or `https://live-handler.agentbot.net/conversations`. The
   * page shows both [D]; that they are two doors to one system is [I].
   */
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      url => !/[?#]|\/queue\/external\/*$/.test(url),
      'write the address before /queue/external, without ? and #',
    )
    .transform(url => url.replace(/\/+$/, '')),
  /** Both come from Aivo, on a service request [D]. */
  bot_id: wholeNumber,
  bot_token: z.string().min(1),
  /** What `?token=` of the webhook's URL must be: the URL is told to Aivo, which signs nothing and sends no header [I]. */
  webhook_token: z.string().min(1),
  /** Department → id of Aivo's group; `default` is for all others. Without the table a department is a group's id itself. */
  groups: z.record(z.string().min(1), wholeNumber).optional(),
  /** "Must be fixed at 28" by the page's rules; its curl sample has 1 [D]. */
  protocol_id: wholeNumber.default(28),
  /** How the flow's results are shown to the agent: `[{"name": value}]`, or `{"name": value}`. Both [I]: the sample is no JSON. */
  extra_shape: z.enum(['list', 'object']).default('list'),
  /** Further headers of every call; their values are kept out of the logs. The documented calls have none [D]; other APIs of the gateway do. */
  headers: z.record(headerName, headerValue).default({}),
  /** Without them the agent sees a name and no address. */
  send_phone: z.boolean().default(false),
  send_email: z.boolean().default(false),
  /** `{url}/{conversation}/{close_path}` is posted to when the client leaves. Aivo's page announces a way to close and names none: ask Aivo [I]. */
  close_path: z
    .string()
    .regex(/^[\w.~/-]*$/, 'write the last part of the path, such as "close"')
    .transform(path => path.replace(/^\/+|\/+$/g, ''))
    .default(''),
  /** Said to the agent when the client leaves and there is no `close_path`; empty: nothing is said. */
  client_left_text: z.string().trim().default(''),
  /** Which of the webhook's events mean what; all others are ignored. */
  events: events.superRefine(demandOneMeaning).prefault({}),
  /** What an agent is called who has taken a conversation and has no name. */
  agent_label: z.string().trim().min(1).optional(),
})

export type Settings = z.output<typeof settings>

function demandOneMeaning(lists: z.output<typeof events>, context: z.RefinementCtx): void {
  const seen = new Map<string, string>()
  for (const [meaning, names] of Object.entries(lists))
    for (const name of new Set(names)) {
      const other = seen.get(name)
      if (other)
        context.addIssue({
          code: 'custom',
          path: [meaning],
          message: `"${name}" is in the list "${other}" as well`,
        })
      seen.set(name, meaning)
    }
}
