import { z } from 'zod'

/** What `POST messages.json` and `broadcasts.json` answer; before RapidPro 9 a broadcast has no `status`. */
export const created = z.looseObject({ status: z.string().nullish() })

/** What `POST media.json` answers. */
export const uploaded = z.looseObject({ uuid: z.string().min(1) })

/** A refusal: field → what is wrong with it, or `detail`, or `non_field_errors`. */
const problem = z.record(z.string(), z.unknown())

/** The fields a refusal names. Its texts are left out: they quote what was sent, in the language of the site. */
export function namedFields(body: unknown): string[] {
  const parsed = problem.safeParse(body)
  if (!parsed.success) return []
  return Object.keys(parsed.data)
    .filter(field => /^\w{1,40}$/.test(field))
    .slice(0, 5)
}
