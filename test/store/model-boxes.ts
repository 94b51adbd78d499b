import type { Direction } from '../../src/domain/mailbox.ts'
import { OPTIONS } from './fixtures.ts'

/** What a worker was given, by ids. */
export type Held = {
  session: string
  direction: Direction
  fence: number
  head: string
  count: number
  told: boolean
}

export type Box = {
  queue: string[]
  fence: number
  until: number
  dueAt?: number
  count: number
  told: boolean
}

/** A session of the model. */
export type Person = {
  id: string
  client: string
  state: 'opening' | 'live' | 'ended'
  boxes: Record<Direction, Box>
  seen: Set<string>
  /** The highest fence it was read under. */
  followed: number
  /** Dead letters by direction and id; true when replayed. */
  dead: Map<string, boolean>
}

export function emptyBox(): Box {
  return { queue: [], fence: 0, until: 0, count: 0, told: false }
}

export function take(person: Person, direction: Direction, now: number): Held {
  const box = person.boxes[direction]
  if (box.until > 0) box.count += 1
  box.fence += 1
  hold(box, now)
  return give(person, direction)
}

export function give({ id, boxes }: Person, direction: Direction): Held {
  const { queue, fence, count, told } = boxes[direction]
  return { session: id, direction, fence, head: String(queue[0]), count, told }
}

export function hold(box: Box, now: number): void {
  box.until = now + OPTIONS.leaseMs
  box.dueAt = box.until
}

export function post(box: Box, id: string, now: number): void {
  if (box.queue.length === 0 && box.until === 0) box.dueAt = now
  box.queue.push(id)
}

export function other(direction: Direction): Direction {
  return direction === 'to_agent' ? 'to_client' : 'to_agent'
}

export function letterOf(direction: Direction): string {
  return direction === 'to_agent' ? 'a' : 'c'
}
