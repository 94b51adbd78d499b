import { z } from 'zod'

/** The base of the three endpoints; the specification joins it with them blindly, so operators write it in many ways. */
const base = z
  .string()
  .trim()
  .transform(url => (url.includes('://') ? url : `https://${url}`))
  .pipe(
    z
      .url({ protocol: /^https?$/ })
      .refine(url => !/[?#]|\/(?:createTicket|sendMessage|sendMedia)\b/.test(url), {
        error: 'write the address before /createTicket, without ? and #',
      })
      .transform(url => url.replace(/\/+$/, '')),
  )

/** Goes into a header as it is. */
const headerText = z
  .string()
  .regex(/^[!-~](?:[ -~]*[!-~])?$/, 'must be plain ASCII, without spaces around it')

const historyUrl = z
  .string()
  .regex(
    /^(?:https?:\/\/(?:[^{}\s]|\{(?:uuid|department|session)\})+)?$/,
    'is a web address in which only {uuid}, {department} and {session} can be filled in',
  )

const group = z.union([z.string().min(1), z.int()]).transform(String)

export const settings = z.strictObject({
  /** What stands before `/createTicket/{company}`; `https://` is added where there is no scheme. */
  url: base,
  /** The company name of the desk's paths. */
  company: z.string().trim().min(1),
  /** The desk's API key. */
  token: headerText,
  /** What the desk sends in `x-auth-token`, or as `?token=`, with its events. */
  webhook_token: z.string().min(1),
  /** How the token is sent. The specification says both: `Bearer {token}` in its samples, `{token}` in its text. */
  authorization: z.enum(['bearer', 'raw']).default('bearer'),
  /** `{"body": {"user", "ticket"}}` as in the samples, the same without `body`, or all keys side by side as in the tables. */
  body_shape: z.enum(['wrapped', 'unwrapped', 'flat']).default('wrapped'),
  /** Department → the desk's group code; `default` is for the others. Without this table the department itself is sent. */
  groups: z.record(z.string(), group).optional(),
  /** Of every ticket. */
  priority: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['low', 'medium', 'high']))
    .default('medium'),
  /** Of every ticket; not sent when absent. */
  category: z.string().trim().min(1).optional(),
  /** The channel the desk is told: `auto` is the scheme of the client's URN (`whatsapp`), or `web`; or any fixed word. */
  source: z.string().trim().min(1).default('auto'),
  /** Tells the desk the phone number of a phone or WhatsApp client. */
  send_phone: z.boolean().default(false),
  /** `digits`: without `+`. `last10`: the last ten of them. `e164`: with `+` where the number is international. */
  mobile_format: z.enum(['digits', 'last10', 'e164']).default('digits'),
  /** Tells the desk the address of a `mailto:` client. */
  send_email: z.boolean().default(false),
  /** Sent as it is where no phone number is: the field is mandatory, and some desks refuse an empty one. */
  default_mobile: z.string().trim().default(''),
  /** Sent where no e-mail address is. */
  default_email: z.string().trim().default(''),
  /** Shown to the agent for a client without a name. */
  default_name: z.string().trim().min(1).default('Client'),
  /** Where an agent can read what was said before: a web address with `{uuid}`, `{department}`, `{session}`, or nothing. */
  history_url: historyUrl.default(''),
  /** Sends the results of the flow also as `conversationHistoryJSON`, one `{"name", "value"}` each. */
  send_history: z.boolean().default(true),
  /** Name of the agent where an event has none; the client sees it if the texts say so. */
  agent_label: z.string().trim().min(1).optional(),
  /** Said once as the client when the conversation ends on our side, which the desk cannot be told otherwise; or nothing. */
  client_left_text: z.string().trim().default(''),
  /** Ends the conversation on `agent-logout`, which a desk may also send for a lost connection. */
  close_on_agent_logout: z.boolean().default(false),
})

export type Settings = z.infer<typeof settings>
