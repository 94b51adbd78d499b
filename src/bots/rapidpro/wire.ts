import { z } from 'zod'

/** What `POST messages.json` and `broadcasts.json` answer; before RapidPro 9 a broadcast has no `status`. */
export const created = z.looseObject({ status: z.string().nullish() })

/** What `POST media.json` answers. */
export const uploaded = z.looseObject({ uuid: z.string().min(1) })

/** A refusal: field → what is wrong with it, or `detail`, or `non_field_errors`. */
const problem = z.record(z.string(), z.unknown())

/** Of what is posted, and what Django REST framework says of no field; other keys may be anybody's words. */
const FIELDS: ReadonlySet<string> = new Set(
  'attachments contact contacts detail exclude_active extra file flow groups non_field_errors params quick_replies restart_participants text urns'.split(
    ' ',
  ),
)

/** The fields a refusal names. Its texts are left out: they quote what was sent, in the language of the site. */
export function namedFields(body: unknown): string[] {
  const parsed = problem.safeParse(body)
  if (!parsed.success) return []
  return Object.keys(parsed.data)
    .filter(field => FIELDS.has(field))
    .slice(0, 5)
}
