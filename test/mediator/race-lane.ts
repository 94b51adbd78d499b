import type { AgentEvent } from '../../src/domain/agent-event.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Entry } from '../../src/domain/mailbox.ts'
import type { EndReason } from '../../src/domain/session.ts'
import type { Answer } from '../../src/mediator/answer.ts'
import type { Doorless } from './doorless.ts'
import { closeRoom, DESK, type Room, type Scene } from './race-desk.ts'
import type { Plan } from './race-words.ts'

/** One asking, and what was answered: the word of the answer, or the code of the error. */
export type Asked = { at: number; answer?: string }

/** Something said, with all calls that handed it in. `at`: when its writer said it. */
export type Given = { text: string; at: number; asked: Asked[] }

/** One client's life: what was done to it, and what the store has taken on of it. */
export type Lane = Scene & {
  plan: Plan
  said: Given[]
  heard: Given[]
  /** What ended the conversation, as those who did it know: the desk's own time, or ours. */
  ends: { at: number; by: 'agent' | 'bot' | 'idle' }[]
  deletes: Asked[]
  closings: Asked[]
  /** The last call of anybody, as its sender would repeat it. */
  repeat: () => void
  /** Closings the mediator wants to be told again. */
  unheard: (() => void)[]
  /** Its sessions, oldest first, each with what was accepted for it and how it ended first. */
  sessions: Map<string, Kept>
}

export type Kept = { accepted: { toAgent: Entry[]; toClient: Entry[] }; reason?: EndReason }

/** What all lanes of one run share. */
export type Course = { mediator: Doorless; now(): number; step(): number }

export function createLane(plan: Plan, client: string, course: Course): Lane {
  const lane: Lane = {
    plan,
    client,
    rooms: [],
    done: [],
    phone: [],
    handedBack: [],
    sentToClosed: [],
    closedOfOthers: [],
    held: [],
    said: [],
    heard: [],
    ends: [],
    deletes: [],
    closings: [],
    repeat: () => undefined,
    unheard: [],
    sessions: new Map(),
    isLive: session => lane.sessions.has(session) && lane.sessions.get(session)?.reason === undefined,
    onClosed: room => post(lane, () => tellClosing(lane, course, room, 'client')),
  }
  return lane
}

/** What each letter that is no matter of time does; each call is only started. */
export const DEEDS: Record<string, (lane: Lane, course: Course) => void> = {
  C: clientSays,
  A: agentSays,
  X: agentCloses,
  D: botEnds,
  R: lane => lane.repeat(),
}

function begin(lane: Lane, call: () => void): void {
  lane.repeat = call
  call()
}

/** An event of the desk, on its way to us. */
function post(lane: Lane, call: () => void): void {
  if (lane.gate === 'going') lane.held.push({ go: call })
  else call()
}

function note(asked: Asked[], at: number, answered: Promise<Answer>): Promise<string> {
  const one: Asked = { at }
  asked.push(one)
  const keep = (answer: string): string => {
    one.answer = answer
    return answer
  }
  return answered.then(
    ({ word }) => keep(word),
    error => keep(error instanceof MediatorError ? error.code : String(error)),
  )
}

function clientSays(lane: Lane, course: Course): void {
  const text = `${lane.client} c${lane.said.length}`
  const given: Given = { text, at: course.now(), asked: [] }
  lane.said.push(given)
  begin(lane, () => void speak(lane, course, given))
}

/** A flow that returns asks for an agent again where there is none any more, and says it then. */
async function speak(lane: Lane, course: Course, given: Given): Promise<void> {
  const { mediator, now } = course
  const say = () => note(given.asked, now(), mediator.say(lane.client, given.text, given.text))
  const answer = await say()
  const isOver = answer === 'SESSION_CLOSED' || answer === 'NO_SESSION'
  if (!isOver || !lane.plan.returns) return
  const registered = await mediator.register(lane.client, DESK).catch(() => undefined)
  if (registered) await say()
}

/** Into the open room; where there is none, an event of the last one comes late. */
function agentSays(lane: Lane, course: Course): void {
  const room = lane.rooms.find(({ isOpen }) => isOpen) ?? lane.rooms.at(-1)
  if (!room) return
  const at = room.closedAt === undefined ? course.now() : room.closedAt - 1
  const given: Given = { text: `${lane.client} a${lane.heard.length}`, at, asked: [] }
  lane.heard.push(given)
  const event: AgentEvent = {
    type: 'message',
    conversation: room.id,
    client: lane.client,
    id: given.text,
    at,
    message: { text: given.text, attachments: [] },
  }
  const call = () => void note(given.asked, course.now(), course.mediator.hear(DESK, event))
  post(lane, () => begin(lane, call))
}

/** The open room; one that is closed already is told of again, in other words. */
function agentCloses(lane: Lane, course: Course): void {
  const open = lane.rooms.find(({ isOpen }) => isOpen)
  const room = open ?? lane.rooms.at(-1)
  if (!room) return
  if (open) closeRoom(open, course.now())
  const id = open ? undefined : `again ${lane.closings.length}`
  post(lane, () => begin(lane, () => tellClosing(lane, course, room, 'agent', id)))
}

function tellClosing(lane: Lane, course: Course, room: Room, reason: 'agent' | 'client', id = 'end'): void {
  const at = room.closedAt ?? course.now()
  const event: AgentEvent = {
    type: 'closed',
    reason,
    conversation: room.id,
    client: lane.client,
    id: `${room.id} ${id}`,
    at,
  }
  lane.ends.push({ at, by: 'agent' })
  void note(lane.closings, course.now(), course.mediator.hear(DESK, event)).then(answer => {
    if (answer === 'success' || answer === 'ignored') room.toldIn ??= course.step()
    else lane.unheard.push(() => tellClosing(lane, course, room, reason, id))
  })
}

function botEnds(lane: Lane, course: Course): void {
  begin(lane, () => {
    lane.ends.push({ at: course.now(), by: 'bot' })
    void note(lane.deletes, course.now(), course.mediator.end(lane.client))
  })
}
