import type { AgentEvent } from '../../domain/agent-event.ts'
import { MediatorError } from '../../domain/errors.ts'
import { createSecretCheck } from '../../lib/secret.ts'
import type { Posted, WebhookInbound } from '../desk.ts'
import { fromHash } from './hash.ts'
import type { Settings } from './settings.ts'
import { epochMs, timestampDigits } from './timestamp.ts'
import { fromItem } from './translate.ts'
import { type EventData, eventData, type LiveEvent, liveEvent, type SaidItem, saidItem } from './wire.ts'

export function createWebhook(settings: Settings): WebhookInbound {
  const isSecret = createSecretCheck(settings.webhook_token)
  const reading = { settings, readers: readersByName(settings.events) }
  return {
    kind: 'webhook',
    authenticate: ({ query }) => isSecret(query.token),
    parse: posted => parse(posted, reading),
  }
}

/** An event, and what all that is made of it has in common. */
type Scene = {
  about: Pick<AgentEvent, 'conversation' | 'client' | 'id' | 'at'>
  data: EventData
  /** As it came: it may itself be what was said. */
  rawData: unknown
  label: string | undefined
}
type Reader = (scene: Scene) => AgentEvent[]
type Reading = { settings: Settings; readers: ReadonlyMap<string, Reader> }

const READERS: Record<keyof Settings['events'], Reader> = {
  attended: readAttended,
  transfer: readTransfer,
  message: readMessage,
  closing: ({ about }) => [{ ...about, type: 'closed', reason: 'agent' }],
}

function readersByName(events: Settings['events']): ReadonlyMap<string, Reader> {
  const kinds = Object.keys(READERS) as (keyof Settings['events'])[]
  return new Map(kinds.flatMap(kind => events[kind].map(name => [name, READERS[kind]] as const)))
}

/**
 * The events of one call. An event of another bot is understood and ignored, since several may be given one URL: refusing it
 * would only make the sender call again.
 */
function parse(posted: Posted, { settings, readers }: Reading): AgentEvent[] {
  const read = liveEvent.safeParse(posted.body)
  if (!read.success) throw unreadable(read.error.issues[0]?.path.join('.'))
  const event = read.data
  const name = event.name.toLowerCase()
  const reader = readers.get(name)
  const isOurs = !event.botId || event.botId === String(settings.bot_id)
  if (!reader || !isOurs) return []
  const data = eventData.parse(event.data)
  const about = toAbout(posted, name, event, data)
  return reader({ about, data, rawData: event.data, label: settings.agent_label })
}

function unreadable(key: string | undefined): MediatorError {
  return new MediatorError('INVALID', key ? `${key} is missing or unreadable` : 'the body is no JSON object')
}

/** `roomId` is the queue's `conversationId` [I]. A hash comes with some events only, and tells the client. */
function toAbout(posted: Posted, name: string, event: LiveEvent, data: EventData): Scene['about'] {
  const conversation = event.roomId || event.conversationId
  if (!conversation) throw unreadable('roomId')
  const digits = timestampDigits(posted)
  return {
    conversation,
    client: fromHash(data.hash),
    id: digits && `${name}:${conversation}:${digits}`,
    at: epochMs(digits, event.eventTime),
  }
}

function agentOf({ agent }: EventData): string | undefined {
  return agent?.nickname?.trim() || agent?.name?.trim() || undefined
}

/** Live also says things by itself, such as to a client who is silent: then nobody has taken the conversation [S]. */
function speakerOf(data: EventData): { agent: string } | { automatic: true } {
  const agent = agentOf(data)
  return agent === undefined ? { automatic: true } : { agent }
}

/** Comes after every transfer again [D]. */
function readAttended({ about, data, label }: Scene): AgentEvent[] {
  return [{ ...about, type: 'assigned', agent: agentOf(data) ?? label }]
}

/** To a group it names no agent [D]: then the conversation waits in that group's queue. */
function readTransfer({ about, data }: Scene): AgentEvent[] {
  return [{ ...about, type: 'transferred', agent: agentOf(data) }]
}

/** What was said, by analogy with the request that says something [I]: each item is a message, in their order. */
function readMessage({ about, data, rawData }: Scene): AgentEvent[] {
  const said = data.message ?? data.messages ?? rawData
  const items: unknown[] = Array.isArray(said) ? said : [said]
  return items.flatMap((raw, index) => {
    const item = saidItem.safeParse(raw).data
    const message = item && !isClients(item, data) ? fromItem(item) : undefined
    const id = about.id && items.length > 1 ? `${about.id}:${index}` : about.id
    return message ? [{ ...about, id, type: 'message' as const, message, ...speakerOf(data) }] : []
  })
}

/** The client's own words must not come back to the client. */
function isClients(item: SaidItem, data: EventData): boolean {
  return ['user', 'client'].includes((item.source ?? data.source ?? '').toLowerCase())
}
