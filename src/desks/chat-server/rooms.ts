import type { Logger } from 'pino'
import type { Clock } from '../../lib/clock.ts'
import type { Followed } from '../desk.ts'
import type { Line } from './line.ts'
import type { PassOn } from './reading.ts'
import { createRoom, type Room } from './room.ts'
import { type Seat, toSeat } from './seat.ts'
import type { Settings } from './settings.ts'
import { conversationInfo, message } from './wire.ts'

/** All conversations of the running link. */
export type Rooms = {
  /** The conversation of this seat; joined from now on, if it was not known. `anew`: also where that was in vain before. */
  at(seat: Seat, anew?: boolean): Room
  find(seat: Seat): Room | undefined
  connect(line: Line): void
  disconnect(): void
  hearMessage(raw: unknown): void
  hearInfo(raw: unknown): void
  /** Takes up the sessions that live now, and forgets what was of no use to anybody for a minute. */
  follow(sessions: Followed[]): void
  /** Something was heard for a session that is not known yet. */
  areWaiting(): boolean
}

export type RoomsKit = { settings: Settings; log: Logger; clock: Clock; passOn: PassOn }

/** How long what belongs to no live session is kept: it may be just opened, or just ended and still be written to, in ms. */
const KEPT_MS = 60_000

type Kept = { room: Room; usedAt: number }

export function createRooms(kit: RoomsKit): Rooms {
  const { settings, log, clock } = kit
  const kept = new Map<string, Kept>()
  let line: Line | undefined
  let campaigns = 0

  return {
    at,
    find: ({ conversation }) => kept.get(conversation)?.room,
    connect(next) {
      line = next
      for (const { room } of kept.values()) room.connect(next)
    },
    disconnect() {
      line = undefined
      for (const { room } of kept.values()) room.disconnect()
    },
    hearMessage(raw) {
      const { data } = message.safeParse(raw)
      if (!data) return log.warn('the chat server sent a message that cannot be read')
      if (data.conversationId !== undefined) kept.get(data.conversationId)?.room.hearMessage(raw)
      else if (data.refId !== undefined) hearCampaign(raw, data.refId)
    },
    hearInfo(raw) {
      const { data } = conversationInfo.safeParse(raw)
      if (data?.conversation === undefined) log.warn('the chat server sent a history that cannot be read')
      else kept.get(data.conversation)?.room.hearInfo(data)
    },
    follow(sessions) {
      for (const one of sessions) takeUp(one)
      const now = clock.now()
      for (const [id, { room, usedAt }] of kept)
        if (now - usedAt > KEPT_MS) {
          room.disconnect()
          kept.delete(id)
        }
    },
    areWaiting: () => [...kept.values()].some(({ room }) => room.isWaiting()),
  }

  function at(seat: Seat, anew = false): Room {
    const found = kept.get(seat.conversation) ?? { room: createRoom(kit, seat), usedAt: 0 }
    found.usedAt = clock.now()
    kept.set(seat.conversation, found)
    if (line) found.room.connect(line, anew)
    return found.room
  }

  function takeUp({ session, cursor }: Followed): void {
    const seat = toSeat(session.conversation)
    if (!seat) {
      log.debug({ session: session.id }, 'a conversation that this desk has not opened')
      return
    }
    const room = kept.get(seat.conversation)?.room ?? at(seat)
    touch(seat)
    if (!room.isBound()) room.bind(session, cursor)
  }

  function touch({ conversation }: Seat): void {
    const one = kept.get(conversation)
    if (one) one.usedAt = clock.now()
  }

  /** Two clients under one account: nobody can tell whose it is. */
  function hearCampaign(raw: unknown, refId: string): void {
    const meant = [...kept.values()].filter(({ room }) => room.isBound() && room.seat.refId === refId)
    const [only] = meant
    if (settings.deliver_campaigns && only && meant.length === 1) only.room.hearCampaign(raw)
    else log.info({ dropped: ++campaigns }, 'a message of a third party was not passed on')
  }
}
