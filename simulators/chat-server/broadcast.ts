import { type Core, emit } from './core.ts'
import type { Conversation, Message } from './types.ts'
import type { Wire } from './wire.ts'

/** Keeps a message and sends it to every socket that has joined, except to `sender` where echoes are off. */
export function publish(core: Core, conversation: Conversation, message: Message, sender?: Wire): void {
  conversation.messages.push(message)
  if (isWhisper(message) && !core.settings.leaksWhispers) return
  for (const id of conversation.members) {
    const wire = core.wires.get(id)
    if (wire && (wire !== sender || core.settings.echoes)) tell(core, wire, message)
  }
}

/** Sends a message to one socket and keeps nothing but the record. */
export function tell(core: Core, wire: Wire, message: Message): void {
  emit(core, wire, 'messageArrived', message)
}

export function isWhisper(message: Message): boolean {
  return message.type === 'ChatMessage' && message.tag?.trim().toLowerCase() === 'whisper'
}
