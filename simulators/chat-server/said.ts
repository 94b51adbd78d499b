import { isWhisper } from './broadcast.ts'
import type { Attachment, ChatMessage, Conversation } from './types.ts'

/** One thing said, as a demonstration shows it. */
export type Said = {
  by: 'customer' | 'agent' | 'bot'
  name: string
  text: string
  attachments: Attachment[]
  /** Said to staff only. */
  isWhisper: boolean
  timestamp?: string
}

/** What was said in a conversation, in the order the server got it; activities are left out. */
export function whatWasSaid({ messages, customer }: Conversation): Said[] {
  return messages
    .filter(message => message.type === 'ChatMessage')
    .map(message => ({
      by: speakerOf(message, customer.id),
      name: message.from.name,
      text: message.text,
      attachments: message.attachments,
      isWhisper: isWhisper(message),
      ...(message.timestamp && { timestamp: message.timestamp }),
    }))
}

function speakerOf({ from }: ChatMessage, customerId: string): Said['by'] {
  if (from.id === customerId) return 'customer'
  return from.type === 'Bot' ? 'bot' : 'agent'
}
