import { createHold } from './hold.ts'

export type Direction = 'to_agent' | 'to_client'
export const DIRECTIONS: Direction[] = ['to_agent', 'to_client']

/** One message and what is known of it outside the system. Times are epoch ms. */
export type Written = {
  number: number
  conversation: number
  direction: Direction
  /** When it was first offered: a client's first call, an agent's writing. */
  askedAt?: number
  /** When the mediator could first have heard of it. */
  calledAt?: number
  /** When its sender was told that it is kept. */
  acknowledgedAt?: number
}

/** What is kept outside the system of everything that was written. */
export type Ledger = {
  /** A new message, with a number of its own in its text. */
  write(conversation: number, direction: Direction): { number: number; text: string }
  /** False for what was written before this ledger was begun. */
  knows(number: number): boolean
  asked(number: number, at: number): void
  called(number: number, at: number): void
  /** `ms`: from the call to this answer. */
  acknowledged(number: number, at: number, ms: number): void
  /** Resolves true once it is acknowledged, false when nothing was heard of it for `quietMs`. */
  hold(number: number, quietMs: number): Promise<boolean>
  countAcknowledged(direction: Direction): number
  all(): Written[]
  /** How long each acknowledged call took, in ms. */
  accepts: number[]
}

/** The number in a text; undefined for what no sender of ours wrote. */
export function numberIn(text: unknown): number | undefined {
  const found = typeof text === 'string' ? /^#(\d+) of /.exec(text)?.[1] : undefined
  return found === undefined ? undefined : Number(found)
}

/** `first`: the number of its first message. */
export function createLedger(first = 0): Ledger {
  const written: Written[] = []
  const counts: Record<Direction, number> = { to_agent: 0, to_client: 0 }
  const holds = createHold()
  const accepts: number[] = []
  const at = (number: number): Written => {
    const message = written[number - first]
    if (!message) throw new Error(`message ${number} was never written`)
    return message
  }
  return {
    write(conversation, direction) {
      const number = first + written.length
      written.push({ number, conversation, direction })
      return { number, text: `#${number} of ${conversation}, ${direction}` }
    },
    knows: number => written[number - first] !== undefined,
    asked(number, now) {
      at(number).askedAt ??= now
    },
    called(number, now) {
      at(number).calledAt ??= now
      holds.heard(number)
    },
    acknowledged(number, now, ms) {
      const message = at(number)
      if (message.acknowledgedAt !== undefined) return
      message.acknowledgedAt = now
      counts[message.direction] += 1
      accepts.push(ms)
      holds.release(number)
    },
    hold: (number, quietMs) =>
      at(number).acknowledgedAt === undefined ? holds.wait(number, quietMs) : Promise.resolve(true),
    countAcknowledged: direction => counts[direction],
    all: () => written,
    accepts,
  }
}
