import { z } from 'zod'
import { activityAbout } from './activities.ts'
import { isWhisper, tell } from './broadcast.ts'
import { type Core, emit, type Heard } from './core.ts'
import { routeCustomer } from './routing.ts'
import type { Conversation, Message } from './types.ts'
import type { Wire } from './wire.ts'

const joining = z.looseObject({ conversationId: z.string(), id: z.string(), name: z.string().optional() })

/** `joinConversation`: an unknown pair of conversation and participant gets no confirmation of any kind. */
export function join({ core, wire, payload, acknowledge }: Heard): void {
  const { settings } = core
  const conversation = conversationFor(core, payload)
  if (!conversation || isMuted(core)) return
  acknowledge(settings.joinAck)
  if (settings.joinAck === 'error') return
  confirm(core, wire, conversation)
  if (!conversation.isOpen) return
  conversation.members.add(wire.id)
  conversation.joins += 1
  if (conversation.joins === 1) routeCustomer(core, conversation)
}

function conversationFor({ settings, state }: Core, payload: unknown): Conversation | undefined {
  const said = joining.safeParse(payload)
  const conversation = said.success ? state.conversations.get(said.data.conversationId) : undefined
  if (!conversation || conversation.customer.id !== said.data?.id || conversation.isCustomerRemoved) return
  return conversation.isOpen || settings.joinsEnded ? conversation : undefined
}

function isMuted({ settings }: Core): boolean {
  if (settings.mutedJoins === 0) return false
  settings.mutedJoins -= 1
  return true
}

function confirm(core: Core, wire: Wire, conversation: Conversation): void {
  const { joinEvents } = core.settings
  if (joinEvents === 'both' || joinEvents === 'info')
    emit(core, wire, 'conversationInfo', conversationInfo(core, conversation))
  const { customer, isOpen } = conversation
  if (joinEvents === 'both' || joinEvents === 'greetings')
    tell(core, wire, activityAbout(core, conversation, 'greetings', customer))
  if (!isOpen) tell(core, wire, activityAbout(core, conversation, 'endOfConversation', customer))
}

function conversationInfo({ settings }: Core, { id, messages, participants }: Conversation) {
  return {
    conversation: { [settings.infoIdKey]: id },
    messages: messages.filter(message => isReplayed(message, settings)),
    [settings.infoParticipantsKey]: [...participants],
    role: 'customer',
  }
}

function isReplayed(message: Message, { replaysActivities, leaksWhispers }: Core['settings']): boolean {
  if (message.type === 'ActivityMessage') return replaysActivities && message.activityType !== 'typing'
  return leaksWhispers || !isWhisper(message)
}
