import { z } from 'zod'

/** The table `[bots.<name>]` of live-agents.toml. */
export const settings = z.strictObject({
  /** Root of the RapidPro site; `/api/v2` is added here. */
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .transform(url => url.replace(/\/+$/, ''))
    .refine(isSiteRoot, "must be the site's root, without /api/v2, query or fragment"),
  /** API token of an editor or administrator of the workspace. */
  token: z
    .string()
    .trim()
    .regex(/^[!-~]+$/, 'must be an API token: not empty, no spaces'),
  /** Which endpoint sends messages: `messages` from RapidPro 9 on, `broadcasts` before, `auto` finds out. */
  api: z.enum(['auto', 'messages', 'broadcasts']).default('auto'),
  /** Most code points of one message: 640 up to RapidPro 9, 4096 on TextIt. */
  text_limit: z.int().min(1).max(10_000).default(640),
  /** The flow started when a conversation has ended; empty for none. */
  ended_flow: z
    .string()
    .regex(
      /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i,
      'must be the uuid of a flow (it stands in its address), or empty',
    )
    .default(''),
})

export type Settings = z.output<typeof settings>

function isSiteRoot(url: string): boolean {
  return !/[?#]|\/api(\/v\d+)?$/.test(url)
}
