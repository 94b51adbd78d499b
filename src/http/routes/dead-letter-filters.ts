import { z } from 'zod'
import type { Selection } from '../../mediator/replay.ts'

/** At most this many in one list. */
const MOST_LISTED = 500

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

const text = z.string('write it once, as text').min(1, 'is empty; leave it out, or say which')

const instant = text
  .refine(
    given => !Number.isNaN(toMs(given)),
    'write an ISO instant with its offset, such as 2026-12-24T17:00:00Z',
  )
  .describe('An ISO instant of the giving up, included')

const filters = {
  desk: text.optional().describe('A desk’s configured name'),
  direction: z.enum(['to_agent', 'to_client'], 'write to_agent or to_client').optional(),
  userid: text.optional().describe('The contact’s uuid'),
  conversation: text.optional().describe('The desk’s id of the room, ticket or chat'),
  since: instant.optional(),
  until: instant.optional(),
}

const KEYS = Object.keys(filters).join(', ')

/** A key that does not exist would narrow nothing, and more would be found than was meant. */
const strictly = {
  error: ({ code, keys }: { code?: string; keys?: unknown }) =>
    code === 'unrecognized_keys'
      ? `there is no filter "${keys}"; there are ${KEYS}`
      : `send a JSON object of ${KEYS}`,
}

export const listQuery = z.strictObject(
  {
    ...filters,
    limit: z.coerce
      .number(`write a number from 1 to ${MOST_LISTED}`)
      .int(`write a whole number from 1 to ${MOST_LISTED}`)
      .min(1, `write a number from 1 to ${MOST_LISTED}`)
      .max(MOST_LISTED, `write a number from 1 to ${MOST_LISTED}; narrow the list with other filters`)
      .default(MOST_LISTED),
  },
  strictly,
)

/** Which ones are meant must be said: there is no way to replay everything by leaving something out. */
export const selection = z
  .strictObject(filters, strictly)
  .refine(given => Object.keys(given).length > 0, `say which: at least one of ${KEYS}`)
  .refine(({ conversation, desk }) => conversation === undefined || desk !== undefined, {
    path: ['desk'],
    message: 'say whose conversation it is: ids are unique within a desk only',
  })

export type Filters = z.output<typeof selection>

export function toSelection({ since, until, ...rest }: Filters): Selection {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(given),
    ...(since !== undefined && { since: toMs(since) }),
    ...(until !== undefined && { until: toMs(until) }),
  }
}

/** A `+` that was not escaped in the URL arrives as a blank. */
function toMs(given: string): number {
  const iso = given.trim().replace(/ (?=\d{2}:?\d{2}$)/, '+')
  return INSTANT.test(iso) ? Date.parse(iso) : Number.NaN
}
