import { z } from 'zod'
import { publish } from './broadcast.ts'
import type { Core, Heard } from './core.ts'
import { stamp } from './stamp.ts'
import type { Lost } from './state.ts'
import type { Conversation } from './types.ts'
import type { Wire } from './wire.ts'

const participant = z.looseObject({ id: z.string(), name: z.string().default('') })
const attachment = z.looseObject({
  type: z.string(),
  name: z.string(),
  contentUrl: z.string().regex(/^(https?|file|data):/i),
  thumbnailUrl: z.string().optional(),
})
const common = { conversationId: z.string(), from: participant, to: z.array(participant).default([]) }
const messageSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('ChatMessage'),
    ...common,
    text: z.string().default(''),
    attachments: z.array(attachment).default([]),
    refId: z.string().optional(),
    tag: z.string().optional(),
    timestamp: z.iso.datetime({ offset: true }).optional(),
  }),
  z.looseObject({
    type: z.literal('ActivityMessage'),
    ...common,
    activityType: z.string(),
    info: z.record(z.string(), z.unknown()).default({}),
  }),
])
type Sent = z.infer<typeof messageSchema>

/** `sendMessage`: what cannot be taken is thrown away without a word, and kept in `state.lost`. */
export function receive({ core, wire, payload, acknowledge }: Heard): void {
  const sent = messageSchema.safeParse(payload)
  const conversation = sent.success ? core.state.conversations.get(sent.data.conversationId) : undefined
  const reason = sent.success ? whyLost(core, wire, sent.data, conversation) : 'malformed'
  if (reason) core.state.lost.push({ socket: wire.id, reason, payload })
  if (reason === 'refused') acknowledge('error')
  if (reason || !sent.success || !conversation) return
  acknowledge(core.settings.sendAck)
  publish(core, conversation, { ...sent.data, ...stamp(core) }, wire)
}

function whyLost(
  { settings }: Core,
  wire: Wire,
  sent: Sent,
  conversation: Conversation | undefined,
): Lost['reason'] | undefined {
  if (!conversation) return 'unknown-conversation'
  if (!conversation.isOpen) return 'ended'
  if (!conversation.members.has(wire.id)) return 'not-joined'
  if (sent.from.id !== conversation.customer.id) return 'wrong-sender'
  if (sent.type === 'ChatMessage' && !sent.text && sent.attachments.length === 0) return 'malformed'
  return settings.sendAck === 'error' ? 'refused' : undefined
}
