import type { AgentEvent } from '../../domain/agent-event.ts'
import type { Heard, Relay } from './heard.ts'
import { toPrint } from './print.ts'
import type { Seat } from './seat.ts'
import { type Participant, participant, type ServerMessage } from './wire.ts'

type Happening = Pick<AgentEvent, 'type'> & Record<string, unknown>
type Scene = { activity: ServerMessage; who: Participant; isSelf: boolean; relay: Relay }
/** Undefined: of no concern to the client. */
type Reader = (scene: Scene) => Happening | undefined

/**
 * Two lists of the vendor's page disagree; these are of both [D]. `participantAdded` (somebody is invited) and `typing`, which
 * goes to no client, are left out, and so is whatever nobody documented.
 */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['greetings', greeting],
  ['handOff', () => ({ type: 'queued' })],
  ['participantJoined', scene => (isAgent(scene) ? { type: 'assigned', agent: scene.who.name } : undefined)],
  // Not the end: a transfer looks the same.
  ['participantLeft', scene => (isAgent(scene) ? { type: 'agent-left' } : undefined)],
  ['participantRemoved', removal],
  ['endOfConversation', () => ({ type: 'closed', reason: 'agent' })],
])

export function readActivity(activity: ServerMessage, seat: Seat, relay: Relay): Heard {
  const { activityType = '' } = activity
  if (activityType === 'noAgentAvailable') return { kind: 'no-agent' }
  const who = whoIsMeant(activity)
  const scene = { activity, who, isSelf: who.id === seat.participant, relay }
  const happening = READERS.get(activityType)?.(scene)
  if (!happening) return { kind: 'dropped', why: 'an activity of no concern' }
  const { print, key, at } = toPrint(activity, seat.conversation)
  const event = { conversation: seat.conversation, ...happening, id: key, at } as AgentEvent
  return { kind: 'news', event: withoutGaps(event), print, ...(who.id !== undefined && { who: who.id }) }
}

/** In `info.participant`, as `info` itself, or the sender [I]. */
function whoIsMeant({ info, from }: ServerMessage): Participant {
  const meant = info?.participant ?? participant.safeParse(info ?? {}).data
  return meant?.id === undefined ? (from ?? {}) : meant
}

const NO_AGENTS: ReadonlySet<string> = new Set(['customer', 'bot'])

export function isAgent({ who, isSelf }: Pick<Scene, 'who' | 'isSelf'>): boolean {
  return !isSelf && !NO_AGENTS.has(who.type?.toLowerCase() ?? '')
}

function removal(scene: Scene): Happening | undefined {
  if (scene.isSelf) return { type: 'closed', reason: 'agent' }
  return isAgent(scene) ? { type: 'agent-left' } : undefined
}

/** Follows every join; a text in it is not documented [I]. */
function greeting({ activity, relay }: Scene): Happening | undefined {
  const text = activity.info?.text || activity.info?.message || activity.text
  if (!relay.relay_greetings || !text?.trim()) return undefined
  return { type: 'message', message: { text, attachments: [] }, automatic: true }
}

function withoutGaps(event: AgentEvent): AgentEvent {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as AgentEvent
}
