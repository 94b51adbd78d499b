import type { AgentEvent } from '../../domain/agent-event.ts'
import { MediatorError } from '../../domain/errors.ts'
import { createSecretCheck } from '../../lib/secret.ts'
import type { Posted, WebhookInbound } from '../desk.ts'
import { readAgentMessage } from './agent-message.ts'
import { parseExactly, parseForEcho } from './exact-json.ts'
import type { Settings } from './settings.ts'
import { type Event, event as eventSchema } from './wire.ts'

type Habits = Pick<Settings, 'agent_label' | 'close_on_agent_logout'>
type Reader = (event: Event, habits: Habits) => AgentEvent[]

export function createWebhook({ webhook_token, ...habits }: Settings): WebhookInbound {
  const isSecret = createSecretCheck(webhook_token)
  return {
    kind: 'webhook',
    authenticate: ({ headers, query }) => isSecret(headers['x-auth-token']) || isSecret(query.token),
    parse: posted => parse(posted, habits),
    reply: (posted, said) => reply(posted, said.msg, habits),
  }
}

/** Of the others (`agent-inactivity`, `customer-infoawaited` and any we never heard of) none concerns the client. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['payload-received-from-agent', readMessage],
  ['ticket-assigned', readAssigned],
  ['ticket-closed', readClosed],
  ['agent-logout', readLogout],
])

/** An event without a ticket is found by its client: it has conversation ''. */
function parse(posted: Posted, habits: Habits): AgentEvent[] {
  const read = eventSchema.safeParse(withExactIds(posted))
  if (!read.success) throw unreadable(read.error.issues[0]?.path.join('.'))
  const { event, ticketId, senderId } = read.data
  if (ticketId === undefined && senderId === undefined) throw unreadable('ticketId')
  return READERS.get(toName(event))?.(read.data, habits) ?? []
}

function toName(event: string): string {
  return event.toLowerCase().replaceAll('_', '-')
}

function withExactIds({ body, text }: Posted): unknown {
  if (text === '') return body
  try {
    return parseExactly(text)
  } catch (cause) {
    // Nested deeper than it can be walked.
    throw new MediatorError('INVALID', 'the body is unreadable', { cause })
  }
}

function unreadable(key: string | undefined): MediatorError {
  return new MediatorError('INVALID', key ? `${key} is missing or unreadable` : 'the body is no JSON object')
}

/** Documented: the event comes back in `data`. What is of no concern to us is a success to the desk. */
function reply({ body, text }: Posted, message: string, habits: Habits): Record<string, unknown> {
  const isIgnored = parse({ body, text }, habits).length === 0
  const data = text === '' ? body : parseForEcho(text)
  return { ...(isIgnored && { status: 'success' }), data, message }
}

function about({ ticketId = '', senderId }: Event): { conversation: string; client?: string } {
  return { conversation: ticketId, client: senderId }
}

function agentOf({ agentName }: Event, { agent_label }: Habits): string | undefined {
  return agentName ?? agent_label
}

/** Without an id: nothing tells a repeat from the same words said twice. */
function readMessage(event: Event, habits: Habits): AgentEvent[] {
  const message = readAgentMessage(event.message)
  if (!message) return []
  return [{ ...about(event), type: 'message', message, agent: agentOf(event, habits) }]
}

function readAssigned(event: Event, habits: Habits): AgentEvent[] {
  const { ticketId, agentId, ticketAssignedTime: time } = event
  const isTold = ticketId !== undefined && agentId !== undefined && time !== undefined
  const id = isTold ? `assigned:${ticketId}:${agentId}:${time}` : undefined
  return [{ ...about(event), type: 'assigned', agent: agentOf(event, habits), id, at: epochMs(time) }]
}

/** The same id for both ways a ticket may end, so that it ends once. */
function readClosed(event: Event): AgentEvent[] {
  const { ticketId, ticketResolvedTime } = event
  const id = ticketId === undefined ? undefined : `closed:${ticketId}`
  return [{ ...about(event), type: 'closed', reason: 'agent', id, at: epochMs(ticketResolvedTime) }]
}

function readLogout(event: Event, { close_on_agent_logout }: Habits): AgentEvent[] {
  return close_on_agent_logout ? readClosed(event) : []
}

/** No time in seconds is as large before the year 33658. */
const LEAST_MS = 1e12

/** The unit is not documented; the one real sample is in seconds. */
function epochMs(time: number | undefined): number | undefined {
  if (time === undefined || !(time > 0) || time > Number.MAX_SAFE_INTEGER) return undefined
  return Math.round(time >= LEAST_MS ? time : time * 1000)
}
