import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Connection } from './connection.ts'
import type { Line } from './line.ts'
import { PATIENCE_MS, type Question, question } from './questions.ts'
import type { Rooms } from './rooms.ts'

/** How the running link answers what the replicas ask of it. */
export function createAnswers(
  rooms: Rooms,
  connection: Connection,
): (asked: unknown, call: Call) => Promise<unknown> {
  return async (asked, call) => {
    const { data } = question.safeParse(asked)
    if (!data) throw new MediatorError('UNEXPECTED', 'another replica asks what this one does not understand')
    const line = await connection.up(PATIENCE_MS, call.signal)
    switch (data.do) {
      case 'ready':
        return {}
      case 'join':
        return rooms.at(data.seat, true).join(call)
      case 'send':
        return rooms.at(data.seat).send(data.message, call)
      case 'end':
        return end(rooms, data, line, call)
    }
  }
}

/**
 * As a member where we were one; a conversation that cannot be joined any more is over or unknown, and only told so. Whether
 * the server takes it from who is no member is not documented [I].
 */
async function end(
  rooms: Rooms,
  { seat, joined }: Extract<Question, { do: 'end' }>,
  line: Line,
  call: Call,
): Promise<void> {
  const room = joined ? rooms.at(seat) : rooms.find(seat)
  if (room?.isOver()) return
  const isMember = await room?.whenJoined(call).then(
    () => true,
    () => false,
  )
  if (room && isMember) await room.end(line)
  else line.emit('endConversation', { conversationId: seat.conversation })
}
