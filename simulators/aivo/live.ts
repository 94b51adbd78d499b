import type { LiveEvents } from './live-events.ts'
import { Refusal } from './server.ts'
import type { Settings } from './settings.ts'
import { type Conversation, findConversation, type State } from './state.ts'

/** Everything the parts of one simulated Aivo share. */
export type Live = {
  settings: Settings
  state: State
  /** Epoch ms. */
  now: () => number
  events: LiveEvents
}

/** The conversation, by its id or its user. Throws a 404. */
export function existing({ state }: Pick<Live, 'state'>, who: string): Conversation {
  const conversation = findConversation(state, who)
  if (!conversation) throw new Refusal(404, 'no such conversation')
  return conversation
}

/** The conversation, by its id or its user, while it is not over. Throws a 404, or the status for a closed one. */
export function open(live: Pick<Live, 'state' | 'settings'>, who: string): Conversation {
  const conversation = existing(live, who)
  if (conversation.state !== 'closed') return conversation
  throw new Refusal(live.settings.closedStatus, 'the conversation is closed')
}
