import { readActivity } from './activities.ts'
import { toMessage } from './agent-message.ts'
import type { Heard, Relay } from './heard.ts'
import { toPrint } from './print.ts'
import type { Seat } from './seat.ts'
import { message, type Participant, participant, type ServerMessage } from './wire.ts'

/** What a message of the server means for the client of this conversation. Pure; takes anything, throws nothing. */
export function readMessage(raw: unknown, seat: Seat, relay: Relay): Heard {
  const { data } = message.safeParse(raw)
  if (!data) return dropped('malformed')
  if (data.conversationId !== undefined && data.conversationId !== seat.conversation)
    return dropped('of another conversation')
  if (isWhisper(data.tag)) return dropped('whisper')
  const isSaid = data.type === 'ChatMessage'
  if (isSaid && isOurs(data.from, seat)) return own(data)
  if (!isForUs(data.to, seat)) return dropped('to others')
  if (isSaid) return readSaid(data, seat, relay)
  return data.type === 'ActivityMessage' ? readActivity(data, seat, relay) : dropped('unknown type')
}

function dropped(why: string): Heard {
  return { kind: 'dropped', why }
}

/** For staff only: the server should not send it to a customer, and we do not rely on that [D]. */
function isWhisper(tag: unknown): boolean {
  return [tag].flat().some(one => typeof one === 'string' && one.trim().toLowerCase() === 'whisper')
}

function isOurs(from: Participant | undefined, { participant: self }: Seat): boolean {
  return from?.id === self || from?.type?.toLowerCase() === 'customer'
}

function own({ id, _id, messageId }: ServerMessage): Heard {
  const known = id ?? _id ?? messageId
  return known === undefined ? { kind: 'own' } : { kind: 'own', id: known }
}

function isForUs(to: unknown[], { participant: self }: Seat): boolean {
  const ids = to.map(one => participant.safeParse(one).data?.id)
  return ids.length === 0 || ids.includes(self)
}

function readSaid(said: ServerMessage, { conversation }: Seat, relay: Relay): Heard {
  const isBots = said.from?.type?.toLowerCase() === 'bot'
  if (isBots && !relay.relay_bots) return dropped('of a bot')
  const spoken = toMessage(said.text ?? '', said.attachments, relay.file_notice)
  if (!spoken) return dropped('empty')
  const { print, key, at } = toPrint(said, conversation)
  const agent = said.from?.name
  return {
    kind: 'news',
    print,
    event: {
      conversation,
      type: 'message',
      message: spoken,
      ...(isBots ? { automatic: true } : agent && { agent }),
      ...(key !== undefined && { id: key }),
      ...(at !== undefined && { at }),
    },
  }
}
