import { z } from 'zod'
import { template } from '../template.ts'
import { seatSettings } from './seat/index.ts'

const site = z
  .url({ protocol: /^https?$/ })
  .refine(url => !/[?#]/.test(url), 'write the address without ? and #')
  .transform(url => url.replace(/\/+$/, ''))

const word = z.string().min(1)
const period = z.int().min(10)

/** Where the seat sends an interaction: to whoever has a skill, to one agent, or to a queue. */
const target = z.union(
  [z.strictObject({ skill: word }), z.strictObject({ agent: word }), z.strictObject({ queue: word })],
  'must be one of { skill = "…" }, { agent = "…" } and { queue = "…" }',
)

const table = z.strictObject({
  /** Web Services, with its path: `https://gws.example.org/api/v2`. Not needed with `gms` and no seat. */
  url: site.optional(),
  /** Our part as the customer: `gws`, Web Services' own customer chat; `gms`, Genesys Mobile Services' Chat API v2; `none`,
   *  only a seat, which takes up interactions that are there already (`interactionId`). */
  customer_api: z.enum(['gws', 'gms', 'none']).default('gws'),
  /** Sent as header `ContactCenterId` [D]; may be left out where a gateway knows us by one of `headers`. */
  contact_center_id: word.optional(),
  /** The node of Mobile Services; `/genesys/2/chat/` is added. */
  gms_url: site.optional(),
  /** Basic authentication, where the node demands it. */
  gms_user: word.optional(),
  gms_password: word.optional(),
  /** Sent with every request, for gateways that want a header of their own, such as `apikey`. */
  headers: z.record(z.string().regex(/^[\w-]+$/, 'is no name of a header'), word).default({}),
  /** Department → endpoint (gws) or service (gms), with an optional line `default`. Absent: the department as it is. */
  endpoints: z.record(z.string(), word).optional(),
  /** What agents read about a chat before they open it. Empty after filling in: the client's name. */
  subject: template.default('{department}'),
  /** How agents see a client who has no name. */
  client_nickname: word.default('Client'),
  /** Key of attached data → what is written into it when a chat is requested. */
  user_data: z.record(word, template).default({}),
  /** Key of attached data that carries the session's id, by which a seat knows the interaction of a chat. The key with
   *  `Department` after it has the department. */
  user_data_key: word.default('mediatorKey'),
  /** Says the flow's results as the client's first message, a line each. */
  send_history: z.boolean().default(false),
  /** Passes on what routing strategies and robots of the desk say to the customer (participants of type External). */
  relay_external: z.boolean().default(true),
  /** Paths and names of the seat's operations: of the first release, or of the later ones, which say `chats` [D]. */
  api_style: z.enum(['interactions', 'chats']).default('interactions'),
  /** Our login as an agent, for operations on interactions. */
  seat: seatSettings.optional(),
  /** Department → where the seat hands its interactions to, with an optional line `default`. */
  transfers: z.record(z.string(), target).optional(),
  /** Names of the fields that say to whom SingleStepTransfer goes: no public page has them [I]. */
  transfer_fields: z
    .strictObject({ agent: word.default('agentId'), skill: word.default('skill') })
    .prefault({}),
  /** How often a chat is read, in ms: `busy` until `busy_for` after somebody said something, then `idle`. Genesys drops a
   *  customer that does not read for longer than its `flex-disconnect-timeout` [D]; public clients read every 2 to 3 s [O]. */
  poll: z
    .strictObject({
      busy_ms: period.default(2_000),
      idle_ms: period.default(5_000),
      busy_for_ms: period.default(120_000),
    })
    .prefault({}),
})

type Table = z.infer<typeof table>

/** `url` is '' where nothing is asked of Web Services. */
export type Settings = Omit<Table, 'url'> & { url: string }

export const settings = table
  .superRefine(demandWhatIsNeeded)
  .superRefine(demandWhatCanBeDone)
  .transform(given => ({
    ...given,
    url: given.url ?? '',
  }))

/** Each key that may be missing, when it may not, and why. */
const DEMANDS: [key: keyof Table, isNeeded: (given: Table) => boolean, why: string][] = [
  ['url', ({ customer_api, seat }) => customer_api !== 'gms' || seat !== undefined, 'is needed'],
  [
    'contact_center_id',
    ({ customer_api, headers }) => customer_api === 'gws' && Object.keys(headers).length === 0,
    'is needed with customer_api = "gws"',
  ],
  ['gms_url', ({ customer_api }) => customer_api === 'gms', 'is needed with customer_api = "gms"'],
  ['seat', ({ customer_api }) => customer_api === 'none', 'is needed with customer_api = "none"'],
  [
    'seat',
    ({ transfers }) => transfers !== undefined,
    'is needed with transfers: it is the seat that transfers',
  ],
  ['gms_user', ({ gms_password }) => gms_password !== undefined, 'comes together with gms_password'],
  ['gms_password', ({ gms_user }) => gms_user !== undefined, 'comes together with gms_user'],
]

function demandWhatIsNeeded(given: Table, context: z.RefinementCtx): void {
  for (const [key, isNeeded, why] of DEMANDS)
    if (given[key] === undefined && isNeeded(given))
      context.addIssue({ code: 'custom', path: [key], message: `${key} ${why}` })
}

/** A seat that has to stay can only invite an agent; and the later operations know no skills. */
function demandWhatCanBeDone(
  { customer_api, api_style, transfers = {} }: Table,
  context: z.RefinementCtx,
): void {
  for (const [department, target] of Object.entries(transfers)) {
    const path = ['transfers', department]
    if (customer_api === 'none' && !('agent' in target))
      context.addIssue({ code: 'custom', path, message: 'must name an agent with customer_api = "none"' })
    else if (api_style === 'chats' && 'skill' in target)
      context.addIssue({ code: 'custom', path, message: 'cannot name a skill with api_style = "chats"' })
  }
}
