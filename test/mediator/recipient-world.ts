import type { Bot } from '../../src/bots/bot.ts'
import type { Desk } from '../../src/desks/desk.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Sides } from '../../src/mediator/sides.ts'

/** One conversation as its desk knows it: ids may serve again, this is one time that one served. */
export type Room = {
  desk: string
  id: string
  client: string
  session: string
  isOpen: boolean
  openedIn: number
  /** The bot has ended it; the desk may not know yet. */
  isLeft?: true
  closedAt?: number
  /** The burst in which it was closed: the id serves again only later. */
  closedIn?: number
}

/** The truth about who is where, and every time somebody got what was not theirs. */
export type World = {
  rooms: Room[]
  burst: number
  wrong: string[]
  /** What each text's id became: how often its client got it. */
  arrived: Map<string, number>
  /** Makes the next calls to a desk fail. */
  failing: number
  /** The next opening is given a conversation somebody else is in. */
  mixUp: boolean
}

/** Ids a desk may come up with; both desks use all of them. */
export const IDS = [
  'room',
  'Room',
  ' room',
  '__proto__',
  'constructor',
  'a/b',
  'a:b',
  '\u00e9',
  'e\u0301',
  '\u{1f4ac}',
  '\u200b',
  '0',
  'null',
  'x'.repeat(600),
]

export function createWorld(): World {
  return { rooms: [], burst: 0, wrong: [], arrived: new Map(), failing: 0, mixUp: false }
}

/** What is said names whom it is for. */
export type Words = { id: string; to?: string; from?: string; how?: string }

export const spoken = (words: Words): string => JSON.stringify(words)
const heard = (text: string): Words => (text.startsWith('{') ? JSON.parse(text) : { id: '' })

export function openRoom(world: World, desk: string, client: string): Room | undefined {
  return world.rooms.find(room => room.isOpen && room.desk === desk && room.client === client)
}

/** Whose the id is at that desk now. */
function holder(world: World, desk: string, id: string): Room | undefined {
  return world.rooms.find(room => room.isOpen && room.desk === desk && room.id === id)
}

export function closeRoom(world: World, room: Room, at: number): void {
  Object.assign(room, { isOpen: false, closedAt: at, closedIn: world.burst })
}

export function connectWorld(world: World, now: () => number): Sides {
  const desks = new Map(['one', 'two'].map(name => [name, createDesk(name, world, now)]))
  const bot = createBot(world)
  return { desk: name => desks.get(name) as Desk, bot: () => bot }
}

function createDesk(name: string, world: World, now: () => number): Desk {
  const stumble = (): void => {
    if (world.failing-- > 0) throw new MediatorError('UNREACHABLE', 'it is down')
  }
  return {
    name,
    async openConversation({ session, client }) {
      const room = roomFor(world, name, client.uuid, session)
      return { conversation: { id: room.id, state: null }, state: 'queued' }
    },
    async sendToAgent({ session, message }) {
      const { from } = heard(message.text)
      stumble()
      const room = holder(world, name, session.conversation.id)
      if (!room) throw new MediatorError('CONVERSATION_GONE', 'it is closed')
      if (from === undefined) return
      if (room.client !== from || session.client.uuid !== from)
        world.wrong.push(`the agent of ${room.client} was shown the words of ${from}`)
    },
    async closeConversation({ client, conversation }) {
      stumble()
      const room = conversation ? holder(world, name, conversation.id) : openRoom(world, name, client.uuid)
      if (!room) return
      if (room.client !== client.uuid) world.wrong.push(`${client.uuid} closed the room of ${room.client}`)
      closeRoom(world, room, now())
    },
    inbound: { kind: 'webhook', authenticate: () => true, parse: () => [] },
  }
}

/** The client's open room, else the id that has rested longest; once in a while one that somebody else is in. */
function roomFor(world: World, desk: string, client: string, session: string): Room {
  const open = openRoom(world, desk, client)
  const isAnothers = (room: Room): boolean => room.isOpen && room.desk === desk && room.client !== client
  const other = world.rooms.find(room => isAnothers(room) && !room.isLeft && room.openedIn < world.burst)
  if (world.mixUp && other) {
    world.mixUp = false
    return other
  }
  if (open) delete open.isLeft
  if (open) return open
  const room = { desk, id: restedId(world, desk), client, session, isOpen: true, openedIn: world.burst }
  world.rooms.push(room)
  return room
}

function restedId(world: World, desk: string): string {
  const here = world.rooms.filter(room => room.desk === desk)
  const lastUse = (id: string): number => here.findLastIndex(room => room.id === id)
  const free = IDS.filter(id =>
    here.every(room => room.id !== id || (!room.isOpen && (room.closedIn ?? 0) < world.burst)),
  )
  const [id = `extra ${here.length}`] = free.toSorted((a, b) => lastUse(a) - lastUse(b))
  return id
}

function createBot(world: World): Bot {
  return {
    name: 'bot',
    pieces: async message => [message],
    async sendToClient({ client }, { text }) {
      const { id, to, how } = heard(text)
      if (id === '') return
      if (to !== client.uuid) world.wrong.push(`${client.uuid} read what was said to ${to} (${how})`)
      world.arrived.set(id, (world.arrived.get(id) ?? 0) + 1)
    },
    async endHandoff({ client, desk, conversation }, { reason }) {
      const room =
        conversation &&
        world.rooms.findLast(
          one => one.id === conversation.id && one.desk === desk && one.client === client.uuid,
        )
      if (reason === 'agent' && room?.isOpen)
        world.wrong.push(`${client.uuid} was handed back out of an open room`)
    },
  }
}
