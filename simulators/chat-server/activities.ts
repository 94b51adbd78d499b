import type { Core } from './core.ts'
import { stamp } from './stamp.ts'
import type { ActivityMessage, Conversation, Participant } from './types.ts'

/** Who speaks for the server itself. */
export const system: Participant = { id: 'system', name: 'System' }

/** An activity that concerns one participant, who stands where the setting `activityShape` says. */
export function activityAbout(
  core: Core,
  conversation: Conversation,
  activityType: string,
  { id, name, type }: Participant,
): ActivityMessage {
  const whom = type ? { id, name, type } : { id, name }
  const shapes = {
    'info.participant': { from: system, info: { participant: whom } },
    'info.id': { from: system, info: whom },
    from: { from: whom, info: {} },
  }
  return {
    type: 'ActivityMessage',
    conversationId: conversation.id,
    to: [],
    activityType,
    ...shapes[core.settings.activityShape],
    ...stamp(core),
  }
}
