import { z } from 'zod'
import { template } from '../template.ts'

const table = z.strictObject({
  /** The site root; `/api/v1` is added. */
  url: z
    .url({ protocol: /^https?$/ })
    .refine(url => !/[?#]|\/api(\/|$)/.test(url), 'write the root of the site, without /api, ? and #')
    .transform(url => url.replace(/\/+$/, '')),
  /** Omnichannel > Webhooks > secret token. */
  webhook_token: z.string().min(1),
  /** A bot user; needed only where visitors may not close, and to lift the rate limits of a recent server. */
  user_id: z.string().min(1).optional(),
  auth_token: z.string().min(1).optional(),
  /** `default`: the limits of an untouched server are kept to. `off`: its API rate limiter is off, or does not count us. */
  rate_limits: z.enum(['default', 'off']).optional(),
  /** Key of a visitor custom field → what is written into it when a conversation is opened. */
  custom_fields: z.record(z.string().min(1), template).default({}),
  /** Lets the server match by phone or e-mail, which may hand the conversation to an older visitor. */
  send_phone: z.boolean().default(false),
  send_email: z.boolean().default(false),
})

type Table = z.infer<typeof table>

export type Settings = Table & { rate_limits: 'default' | 'off' }

export const settings = table.superRefine(demandBothOrNone).transform(chooseLimits)

function demandBothOrNone({ user_id, auth_token }: Table, context: z.RefinementCtx): void {
  if ((user_id === undefined) === (auth_token === undefined)) return
  const missing = user_id === undefined ? 'user_id' : 'auth_token'
  context.addIssue({ code: 'custom', path: [missing], message: 'user_id and auth_token come together' })
}

function chooseLimits(given: Table): Settings {
  return { ...given, rate_limits: given.rate_limits ?? (given.user_id ? 'off' : 'default') }
}
