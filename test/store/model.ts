import type { Direction, Entry } from '../../src/domain/mailbox.ts'
import type { Fate, Letter, Outcome, Replay, Work } from '../../src/store/store.ts'
import { emptyBox, give, type Held, hold, letterOf, other, type Person, post, take } from './model-boxes.ts'

/** The store as one would write it with no regard for disks, speed or other processes. Entries are their ids. */
export type Model = {
  sessions: Map<string, Person>
  clients: Map<string, Person>
  conversations: Map<string, Person>
}

export function createModel(): Model {
  return { sessions: new Map(), clients: new Map(), conversations: new Map() }
}

/** A store's work, as the model gives it. */
export function toHeld({ turn, head, attempts }: Work): Held {
  return { ...turn, head: head.id, ...attempts }
}

/** `id` is what the store calls the new session. */
export function register(model: Model, client: string, opening: Entry, id: string, now: number) {
  const live = model.clients.get(client)
  if (live && live.state !== 'ended') {
    const work = live.state === 'opening' ? claim(model, live.id, 'to_agent', now) : undefined
    return { outcome: 'exists', work }
  }
  const boxes = { to_agent: { ...emptyBox(), queue: [opening.id] }, to_client: emptyBox() }
  const person: Person = {
    id,
    client,
    state: 'opening',
    boxes,
    seen: new Set(),
    followed: 0,
    dead: new Map(),
  }
  model.sessions.set(id, person)
  model.clients.set(client, person)
  return { outcome: 'created', work: take(person, 'to_agent', now) }
}

export function accept(model: Model, client: string, letter: Letter, now: number) {
  const { direction, dedupe, entries, ending, reading } = letter
  const person = model.clients.get(client)
  if (!person) return { outcome: 'no-session' }
  const fence = reading?.fence ?? person.followed
  if (fence < person.followed) return { outcome: 'fenced' }
  if (person.seen.has(`${direction} ${dedupe}`)) {
    person.followed = fence
    return { outcome: 'repeat', fate: fateOf(person, direction, String(dedupe)) }
  }
  if (person.state === 'ended') return { outcome: 'ended' }
  person.seen.add(`${direction} ${dedupe}`)
  person.followed = fence
  if (ending) person.state = 'ended'
  const box = person.boxes[direction]
  const retryAt = box.dueAt
  box.queue.push(...entries.map(({ id }) => id))
  if (retryAt !== undefined) return { outcome: 'accepted', ...(box.until === 0 && { retryAt }) }
  return { outcome: 'accepted', work: take(person, direction, now) }
}

export function settle(model: Model, held: Held, outcome: Outcome, now: number) {
  const { session, direction, fence, head } = held
  const person = model.sessions.get(session)
  if (!person) return { outcome: outcome.kind === 'abandoned' ? 'settled' : 'fenced' }
  const box = person.boxes[direction]
  if (box.fence !== fence) return { outcome: 'fenced' }
  if (box.until === 0) return { outcome: 'settled' }
  if (box.queue[0] !== head) return { outcome: 'settled', next: give(person, direction) }
  return apply(model, person, direction, outcome, now)
}

function apply(model: Model, person: Person, direction: Direction, outcome: Outcome, now: number) {
  const box = person.boxes[direction]
  switch (outcome.kind) {
    case 'abandoned':
      if (person.boxes.to_agent.queue.length + person.boxes.to_client.queue.length > 1)
        return { outcome: 'wanted' }
      remove(model, person)
      return { outcome: 'settled' }
    case 'retry':
      Object.assign(box, { until: 0, dueAt: outcome.at, count: box.count + Number(outcome.counts) })
      if (outcome.tell) box.told = true
      if (outcome.tell) post(person.boxes[other(direction)], outcome.tell.id, now)
      return { outcome: 'settled' }
    case 'opened':
      if (!bind(model, person, outcome.conversation.id)) return { outcome: 'conversation-taken' }
      box.queue.shift()
      break
    case 'expanded':
      box.queue.splice(0, 1, ...outcome.into.map(({ id }) => id))
      break
    case 'removed':
      giveUp(person, direction, outcome, now)
  }
  return moveOn(person, direction, now)
}

function moveOn(person: Person, direction: Direction, now: number) {
  const box = person.boxes[direction]
  Object.assign(box, { count: 0, told: false, until: 0, dueAt: undefined })
  if (box.queue.length === 0) return { outcome: 'settled' }
  hold(box, now)
  return { outcome: 'settled', next: give(person, direction) }
}

function giveUp(
  person: Person,
  direction: Direction,
  { dead, tell, ending, handBack }: Extract<Outcome, { kind: 'removed' }>,
  now: number,
): void {
  const head = person.boxes[direction].queue.shift()
  if (dead) person.dead.set(`${letterOf(direction)}.${head}`, false)
  if (tell) post(person.boxes[other(direction)], tell.id, now)
  if (!ending || person.state === 'ended') return
  person.state = 'ended'
  if (handBack) post(person.boxes.to_client, handBack.id, now)
}

function bind({ conversations }: Model, person: Person, conversation: string): boolean {
  const holder = conversations.get(conversation)
  if (holder && holder.client !== person.client && holder.state !== 'ended') return false
  conversations.set(conversation, person)
  if (person.state === 'opening') person.state = 'live'
  return true
}

function remove({ sessions, clients }: Model, person: Person): void {
  sessions.delete(person.id)
  if (clients.get(person.client) === person) clients.delete(person.client)
}

export function claim(model: Model, session: string, direction: Direction, now: number): Held | undefined {
  const person = model.sessions.get(session)
  const dueAt = person?.boxes[direction].dueAt
  return person && dueAt !== undefined && dueAt <= now ? take(person, direction, now) : undefined
}

export function renew({ sessions }: Model, { session, direction, fence }: Held, now: number): boolean {
  const box = sessions.get(session)?.boxes[direction]
  if (!box || box.fence !== fence || box.until === 0) return false
  hold(box, now)
  return true
}

export function replay({ sessions }: Model, id: string, now: number): Replay {
  const person = [...sessions.values()].find(one => id.startsWith(`${one.id}.`))
  const name = id.slice(id.indexOf('.') + 1)
  const replayed = person?.dead.get(name)
  if (!person || replayed === undefined) return 'unknown'
  if (replayed) return 'already-replayed'
  const direction = name.startsWith('a.') ? 'to_agent' : 'to_client'
  const isClosing = /^a\.close\d+$/.test(name)
  if (direction === 'to_agent' && person.state === 'ended' && !isClosing) return 'session-ended'
  person.dead.set(name, true)
  post(person.boxes[direction], name.slice(2), now)
  return 'replayed'
}

/** All there is to see from outside, sorted. */
export function look({ sessions, clients, conversations }: Model, now: number) {
  const people = [...sessions.values()]
  const count = (direction: Direction) =>
    people.reduce((sum, { boxes }) => sum + boxes[direction].queue.length, 0)
  return {
    due: people.flatMap(person => dueOf(person, now)).sort(),
    waiting: { to_agent: count('to_agent'), to_client: count('to_client') },
    dead: people.flatMap(deadOf).sort(),
    states: [...clients].map(([client, { id, state }]) => `${client} ${id} ${state}`).sort(),
    live: people
      .filter(({ state }) => state === 'live')
      .map(({ id }) => id)
      .sort(),
    bound: [...conversations].map(([conversation, { id }]) => `${conversation} ${id}`).sort(),
  }
}

function dueOf({ id, boxes }: Person, now: number): string[] {
  const isDue = (direction: Direction) => (boxes[direction].dueAt ?? Number.POSITIVE_INFINITY) <= now
  return (['to_agent', 'to_client'] as const).filter(isDue).map(direction => `${id} ${direction}`)
}

function deadOf({ id, dead }: Person): string[] {
  return [...dead].filter(([, replayed]) => !replayed).map(([name]) => `${id}.${name}`)
}

function fateOf({ boxes, dead }: Person, direction: Direction, id: string): Fate {
  if (boxes[direction].queue.some(waiting => waiting === id || waiting.startsWith(`${id}.`))) return 'waiting'
  return dead.get(`${letterOf(direction)}.${id}`) === false ? 'dead' : 'settled'
}
