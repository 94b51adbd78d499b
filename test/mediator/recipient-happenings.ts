import fc from 'fast-check'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Store } from '../../src/store/store.ts'
import type { Doorless } from './doorless.ts'
import { closeRoom, IDS, openRoom, type Room, spoken, type World } from './recipient-world.ts'

/** Two contacts of one person, two that look alike, and names every object has. */
const CLIENTS = ['ana', 'ana (merged)', 'cafe\u0301', 'caf\u00e9', '__proto__', 'constructor']
const DESKS = ['one', 'two']

const client = fc.constantFrom(...CLIENTS)
const desk = fc.constantFrom(...DESKS)
const place = { desk, client }
const kind = <const K extends string>(name: K) => fc.constant(name)

/** How an event says whom it is about. */
const addressing = fc.constantFrom('own', 'own', 'none', 'swapped', 'swapped', 'short')
const other = client

export const anyHappening = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: kind('register'), ...place, mixUp: fc.nat(15).map(n => n === 0) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('say'), ...place }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('end'), ...place }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('close'), ...place, addressing, other }) },
  { weight: 30, arbitrary: fc.record({ kind: kind('tell'), ...place, addressing, other }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: kind('late'), ...place, nth: fc.nat(30), inTime: fc.boolean() }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('recall'), ...place, nth: fc.nat(30) }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: kind('stray'), ...place, id: fc.constantFrom('', 'nobody’s', ...IDS) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('read'), ...place, other }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('fail'), ...place }) },
)

export type Happening = typeof anyHappening extends fc.Arbitrary<infer H> ? H : never
export type Of<K extends Happening['kind']> = Extract<Happening, { kind: K }>

/** How the desk's words come to us; by default as the events they are. */
export type Mouth = (event: AgentEvent) => AgentEvent[]

/** A text of an agent, how it was addressed, and what the desk was answered. */
export type Told = { id: string; how: string; answer?: string }

export type Play = {
  world: World
  mediator: Doorless
  store: Store
  now(): number
  mouth: Mouth
  told: Told[]
}

const DEEDS: { [K in Happening['kind']]: (play: Play, happening: Of<K>) => unknown } = {
  register({ world, mediator }, { client, desk, mixUp }) {
    if (mixUp) world.mixUp = true
    return mediator.register(client, desk)
  },
  say: ({ mediator }, { client }) => mediator.say(client, spoken({ id: 'said', from: client })),
  end({ world, mediator }, { client }) {
    for (const room of world.rooms) if (room.isOpen && room.client === client) room.isLeft = true
    return mediator.end(client)
  },
  close: closeAt,
  tell: tellIn,
  late: tellLate,
  recall: recallPast,
  stray,
  read: readElsewhere,
  fail({ world }) {
    world.failing = 1
  },
}

/** Starts it; what is refused is refused. */
export function begin(play: Play, happening: Happening): void {
  const deed = DEEDS[happening.kind] as (play: Play, happening: Happening) => unknown
  Promise.resolve(deed(play, happening)).catch(() => undefined)
}

function addressed(room: Room, how: string, other: string): Pick<AgentEvent, 'conversation' | 'client'> {
  if (how === 'none') return { conversation: room.id }
  if (how === 'short') return { conversation: '', client: room.client }
  return { conversation: room.id, client: how === 'swapped' ? other : room.client }
}

async function post(play: Play, desk: string, event: AgentEvent): Promise<string> {
  let answer = ''
  for (const one of play.mouth(event)) answer = (await play.mediator.hear(desk, one)).word
  return answer
}

/** Undefined words are for nobody. */
function textFor(
  play: Play,
  to: string | undefined,
  how: string,
): Pick<Extract<AgentEvent, { type: 'message' }>, 'type' | 'message' | 'id'> & { id: string } {
  const id = `t${play.told.length}`
  play.told.push({ id, how })
  return {
    type: 'message',
    id,
    message: { text: spoken({ id, how, ...(to === undefined ? {} : { to }) }), attachments: [] },
  }
}

async function tellIn(play: Play, { desk, client, addressing, other }: Of<'tell'>): Promise<void> {
  const room = openRoom(play.world, desk, client)
  if (!room || meansAnother(play.world, room, addressing, other)) return
  const text = textFor(play, client, addressing)
  const note = play.told.at(-1)
  const answer = await post(play, desk, { ...text, ...addressed(room, addressing, other), at: play.now() })
  if (note) note.answer = answer
}

/** Nothing tells it from a late event of the other's own last time in a room of this id. */
function meansAnother({ rooms }: World, room: Room, addressing: string, other: string): boolean {
  if (addressing !== 'swapped' || other === room.client) return false
  return rooms.some(({ id, desk, client }) => id === room.id && desk === room.desk && client === other)
}

function closeAt(play: Play, { desk, client, addressing, other }: Of<'close'>): Promise<unknown> | undefined {
  const room = openRoom(play.world, desk, client)
  if (!room || addressing === 'short' || meansAnother(play.world, room, addressing, other)) return undefined
  closeRoom(play.world, room, play.now())
  const id = `closed ${play.world.rooms.indexOf(room)}`
  const event = { type: 'closed' as const, reason: 'agent' as const, id, at: play.now() }
  return post(play, desk, { ...event, ...addressed(room, addressing, other) })
}

function pastRoom({ world }: Play, desk: string, nth: number): Room | undefined {
  const past = world.rooms.filter(room => !room.isOpen && room.desk === desk)
  return past.at(-1 - (nth % Math.max(past.length, 1)))
}

/** An event of a room that is closed. */
function tellLate(play: Play, { desk, nth, inTime }: Of<'late'>): Promise<unknown> | undefined {
  const room = pastRoom(play, desk, nth)
  if (!room) return undefined
  const at = (room.closedAt ?? 0) + (inTime ? -1 : 1)
  return post(play, desk, {
    ...textFor(play, room.client, 'late'),
    conversation: room.id,
    client: room.client,
    at,
  })
}

/** What was said in a room, told once more with its end, however late that is told. */
function recallPast(play: Play, { desk, nth }: Of<'recall'>): Promise<unknown> | undefined {
  const room = pastRoom(play, desk, nth)
  if (!room) return undefined
  const about = { conversation: room.id, client: room.client, at: room.closedAt ?? 0 }
  const said = [1, 0].map(before => ({
    ...textFor(play, room.client, 'recalled'),
    ...about,
    at: about.at - before,
  }))
  return post(play, desk, { type: 'history', said, ...about })
}

/** Of a conversation we never had, such as a web widget's. Who is just being registered is believed to be meant by it. */
async function stray(play: Play, { desk, client, id }: Of<'stray'>): Promise<void> {
  const isOpening = (await play.store.findByClient(client))?.session.state === 'opening'
  if (isOpening || play.world.rooms.some(room => room.id === id && room.desk === desk)) return
  const about = id === '' ? { conversation: '' } : { conversation: id, client }
  await post(play, desk, { ...textFor(play, undefined, 'stray'), ...about, at: play.now() })
}

/** A link reads an event of one conversation into the session of another. */
async function readElsewhere(
  { mediator, store, ...play }: Play,
  { desk, client, other }: Of<'read'>,
): Promise<void> {
  const room = openRoom(play.world, desk, client)
  const session = (await store.findByClient(other))?.session
  if (!room || !session) return
  const text = textFor({ mediator, store, ...play }, client, 'read')
  await mediator.read(desk, session, { ...text, conversation: room.id, client: other, at: play.now() }, 1)
}
