import type { Bot } from '../../src/bots/bot.ts'
import type { Desk } from '../../src/desks/desk.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Message } from '../../src/domain/message.ts'
import type { EndReason } from '../../src/domain/session.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { Sides } from '../../src/mediator/sides.ts'

/** What becomes of one call: `lost` is carried out, but its answer never arrives. */
export type Fate = 'done' | 'down' | 'lost' | 'refused' | 'throttled' | 'nobody'

export type Action = 'open' | 'say' | 'close' | 'tell' | 'hand-back'

/** One call, as the outside saw it come in. */
export type Called = {
  action: Action
  session: string
  client: string
  text: string
  /** The message's own id, where the side is told one. */
  id: string
  fate: Fate
  at: number
  /** The process that called. */
  by: Life
}

/** One process as the outside knows it: `pass` goes before and after everything it does there. */
export type Life = { pass(): Promise<void> }

const FOREVER: Life = { pass: async () => undefined }

export type Room = { id: string; client: string; isOpen: boolean; said: { id: string; text: string }[] }

/** The outside world: one desk that knows the ids of messages, and one bot that does not. */
export type Outside = {
  calls: Called[]
  rooms: Room[]
  /** What each client has read, oldest first. */
  phones: Map<string, string[]>
  handedBack: { session: string; client: string; reason: EndReason }[]
  /** Decides about the next call; `done` unless a test says otherwise. */
  decide(action: Action, text: string): Fate
  openRoomOf(client: string): Room | undefined
}

const THROTTLED_MS = 12_000
/** The fake bot cuts its messages at this character. */
export const CUT = '|'

export function createOutside(): Outside {
  const rooms: Room[] = []
  return {
    calls: [],
    rooms,
    phones: new Map(),
    handedBack: [],
    decide: () => 'done',
    openRoomOf: client => rooms.find(room => room.client === client && room.isOpen),
  }
}

/** How one process reaches the outside. */
export function connectSides(outside: Outside, clock: Clock, life = FOREVER): Sides {
  const call: CallOutside = async (about, carryOut) => {
    await life.pass()
    const fate = outside.decide(about.action, about.text)
    outside.calls.push({ ...about, fate, at: clock.now(), by: life })
    if (isCarriedOut({ fate })) carryOut()
    await life.pass()
    failAs(fate, clock)
  }
  const bot = createBot(outside, call)
  return { bot: () => bot, desk: name => createDesk(name, outside, call) }
}

type CallOutside = (about: Omit<Called, 'fate' | 'at' | 'by'>, carryOut: () => void) => Promise<void>

export function isCarriedOut({ fate }: { fate: Fate }): boolean {
  return fate === 'done' || fate === 'lost'
}

function failAs(fate: Fate, clock: Clock): void {
  if (fate === 'down') throw new MediatorError('UNREACHABLE', 'it is down')
  if (fate === 'lost') throw new MediatorError('TIMEOUT', 'no answer in time')
  if (fate === 'refused') throw new MediatorError('REJECTED', 'it said no')
  if (fate === 'nobody') throw new MediatorError('NO_AGENT', 'nobody is there')
  if (fate === 'throttled')
    throw new MediatorError('THROTTLED', 'too many', { retryAt: clock.now() + THROTTLED_MS })
}

function createDesk(name: string, outside: Outside, call: CallOutside): Desk {
  return {
    name,
    async openConversation({ session, client }) {
      const about = { session, client: client.uuid, text: name, id: '' }
      await call({ action: 'open', ...about }, () => void findOrOpen(outside, client.uuid))
      return { conversation: { id: findOrOpen(outside, client.uuid).id, state: null }, state: 'queued' }
    },
    async sendToAgent({ session, messageId, message }) {
      const room = outside.rooms.find(({ id }) => id === session.conversation.id)
      if (!room?.isOpen) throw new MediatorError('CONVERSATION_GONE', 'closed')
      const about = { session: session.id, client: room.client, text: message.text, id: messageId }
      await call({ action: 'say', ...about }, () => keep(room, messageId, message.text))
    },
    async closeConversation({ id, client, conversation }) {
      const room = conversation
        ? outside.rooms.find(({ id }) => id === conversation.id)
        : outside.openRoomOf(client.uuid)
      const about = { session: id, client: client.uuid, text: room?.id ?? '', id: '' }
      await call({ action: 'close', ...about }, () => {
        if (room) room.isOpen = false
      })
    },
    inbound: { kind: 'webhook', authenticate: () => true, parse: () => [] },
  }
}

function findOrOpen(outside: Outside, client: string): Room {
  const found = outside.openRoomOf(client)
  if (found) return found
  const room = { id: `room${outside.rooms.length + 1}`, client, isOpen: true, said: [] }
  outside.rooms.push(room)
  return room
}

/** As Rocket.Chat does with a message's `_id`. */
function keep(room: Room, id: string, text: string): void {
  if (!room.said.some(one => one.id === id)) room.said.push({ id, text })
}

function createBot(outside: Outside, call: CallOutside): Bot {
  return {
    name: 'bot',
    pieces: async ({ text }) => text.split(CUT).map((piece): Message => ({ text: piece, attachments: [] })),
    async sendToClient({ id, client }, { text }) {
      await call({ action: 'tell', session: id, client: client.uuid, text, id: '' }, () => {
        outside.phones.set(client.uuid, [...(outside.phones.get(client.uuid) ?? []), text])
      })
    },
    async endHandoff({ id, client }, { reason }) {
      await call({ action: 'hand-back', session: id, client: client.uuid, text: reason, id: '' }, () => {
        outside.handedBack.push({ session: id, client: client.uuid, reason })
      })
    },
  }
}
