import type { Bot } from '../../src/bots/bot.ts'
import type { Desk } from '../../src/desks/desk.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { EndReason } from '../../src/domain/session.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { Sides } from '../../src/mediator/sides.ts'

export const DESK = 'desk'

export type Room = {
  id: string
  isOpen: boolean
  /** The session it serves, as far as the mediator was told. */
  of?: string
  /** Desk's time of the end. */
  closedAt?: number
  /** The step in which the mediator answered that it has understood the end. */
  toldIn?: number
  /** What its agent was shown: our id of it, and the words. */
  said: { id: string; text: string; session: string }[]
}

/** A call that waits for the test: until then it is under way, or its answer is. */
export type Held = { go(): void }

export type Deed = 'open' | 'say' | 'close' | 'tell' | 'hand-back'

/** Something the outside did for the mediator; `unheard`: and its answer got lost. */
export type Done = { deed: Deed; session: string; text: string; unheard?: true }

/** What one client, the rooms of that client, and the bot's flow of that client have seen. */
export type Scene = {
  client: string
  rooms: Room[]
  done: Done[]
  phone: string[]
  handedBack: { session: string; reason: EndReason }[]
  /** Messages sent into a room although the desk's end of it had been understood in an earlier step. */
  sentToClosed: string[]
  /** Rooms that were closed for another session than the live one they served. */
  closedOfOthers: string[]
  /** What becomes of the next call: `down` of any; `silent`: of the next one to the desk, which is done but not answered. */
  fate?: 'down' | 'silent'
  /** Where calls wait for the test; undefined: nowhere. */
  gate?: 'going' | 'coming'
  held: Held[]
  isLive(session: string): boolean
  /** The desk closed a room because we asked it to. */
  onClosed(room: Room): void
}

/** One desk and one bot; what they see is kept apart by client. `step` counts the steps of the test. */
export function connectScenes(find: (client: string) => Scene, clock: Clock, step: () => number): Sides {
  const desk = createDesk(find, clock, step)
  const bot = createBot(find)
  return { desk: () => desk, bot: () => bot }
}

/** Lets a call through: it may wait, fail before it is done, be done, wait again, or be done and not be answered. */
async function cross(scene: Scene, about: Done, carryOut: () => void): Promise<void> {
  const fate = takeFate(scene, about.deed)
  await waitAt(scene, 'going')
  if (fate === 'down') throw new MediatorError('UNREACHABLE', 'it is down')
  carryOut()
  scene.done.push(fate === 'silent' ? { ...about, unheard: true } : about)
  await waitAt(scene, 'coming')
  if (fate === 'silent') throw new MediatorError('TIMEOUT', 'no answer in time')
}

function takeFate(scene: Scene, deed: Deed): Scene['fate'] {
  const { fate } = scene
  if (fate === 'silent' && (deed === 'tell' || deed === 'hand-back')) return undefined
  delete scene.fate
  return fate
}

function waitAt(scene: Scene, place: 'going' | 'coming'): Promise<void> | undefined {
  if (scene.gate !== place) return undefined
  return new Promise(go => scene.held.push({ go }))
}

function createDesk(find: (client: string) => Scene, clock: Clock, step: () => number): Desk {
  return {
    name: DESK,
    async openConversation({ session, client }) {
      const scene = find(client.uuid)
      let room: Room | undefined
      await cross(scene, { deed: 'open', session, text: '' }, () => {
        room = findOrOpen(scene)
      })
      const { id } = Object.assign(room as unknown as Room, { of: session })
      return { conversation: { id, state: null }, state: 'queued' }
    },
    async sendToAgent({ session, messageId, message: { text } }) {
      const scene = find(session.client.uuid)
      const room = scene.rooms.find(({ id }) => id === session.conversation.id)
      if (room?.toldIn !== undefined && room.toldIn < step()) scene.sentToClosed.push(text)
      await cross(scene, { deed: 'say', session: session.id, text }, () => {
        if (!room?.isOpen) throw new MediatorError('CONVERSATION_GONE', 'it is closed')
        keep(room, { id: messageId, text, session: session.id })
      })
    },
    async closeConversation({ id, client, conversation }) {
      const scene = find(client.uuid)
      await cross(scene, { deed: 'close', session: id, text: '' }, () => {
        const room = conversation
          ? scene.rooms.find(({ id }) => id === conversation.id)
          : scene.rooms.find(({ isOpen }) => isOpen)
        if (!room?.isOpen) return
        if (room.of !== undefined && room.of !== id && scene.isLive(room.of))
          scene.closedOfOthers.push(room.id)
        closeRoom(room, clock.now())
        scene.onClosed(room)
      })
    },
    inbound: { kind: 'webhook', authenticate: () => true, parse: () => [] },
  }
}

/** As Rocket.Chat does: a visitor has one open room. */
function findOrOpen(scene: Scene): Room {
  const open = scene.rooms.find(({ isOpen }) => isOpen)
  if (open) return open
  const room: Room = { id: `${scene.client}/${scene.rooms.length + 1}`, isOpen: true, said: [] }
  scene.rooms.push(room)
  return room
}

/** The desk keeps one message of each id. */
function keep({ said }: Room, message: Room['said'][number]): void {
  if (!said.some(({ id }) => id === message.id)) said.push(message)
}

export function closeRoom(room: Room, at: number): void {
  room.isOpen = false
  room.closedAt = at
}

function createBot(find: (client: string) => Scene): Bot {
  return {
    name: 'bot',
    pieces: async message => [message],
    async sendToClient({ id, client }, { text }) {
      const scene = find(client.uuid)
      await cross(scene, { deed: 'tell', session: id, text }, () => void scene.phone.push(text))
    },
    async endHandoff({ id, client }, { reason }) {
      const scene = find(client.uuid)
      const back = { session: id, reason }
      await cross(scene, { deed: 'hand-back', session: id, text: '' }, () => void scene.handedBack.push(back))
    },
  }
}
