import type { AgentEvent } from '../../../domain/agent-event.ts'
import type { Identity } from './identity.ts'
import type { Line, Participant } from './wire.ts'

/** Supervisors may step in and speak. Not here: `Customer` and `Client`, whose words these are; `External`, which is machinery. */
const AGENTS: ReadonlySet<string | undefined> = new Set(['Agent', 'Supervisor'])

/** What a line means to the client; undefined when it is none of their concern: whispers, the client's own words, the seat's. */
export function toEvent(chat: string, line: Line, identity: Identity): AgentEvent | undefined {
  const { from, visibility, index } = line
  if (visibility !== undefined && visibility !== 'All') return undefined
  if (!from || !AGENTS.has(from.type) || identity.isSeat(from)) return undefined
  const about = { conversation: chat, id: `${chat}:${index}`, ...timeOf(line) }
  switch (line.type) {
    case 'Text':
      return toMessage(about, line, from)
    case 'ParticipantJoined':
      return identity.mayBeSeat(from) ? undefined : { ...about, type: 'assigned', ...agentOf(from) }
    case 'ParticipantLeft':
      return identity.mayBeSeat(from) ? undefined : { ...about, type: 'agent-left' }
    default:
      return undefined
  }
}

type About = Pick<AgentEvent, 'conversation' | 'id' | 'at'>

function toMessage(about: About, { text }: Line, from: Participant): AgentEvent | undefined {
  if (!text) return undefined
  return { ...about, type: 'message', message: { text, attachments: [] }, ...agentOf(from) }
}

function agentOf({ nickname }: Participant): { agent?: string } {
  return nickname ? { agent: nickname } : {}
}

/** Milliseconds since 1970 are that many from 1973 on. */
const MILLISECONDS = 100_000_000_000

function timeOf({ timestampSeconds: time }: Line): { at?: number } {
  return time !== undefined && time > MILLISECONDS ? { at: time } : {}
}
