import { MediatorError } from '../domain/errors.ts'
import type { Call } from './call.ts'
import type { Clock } from './clock.ts'
import type { HttpDoor, OutgoingCall } from './http-door.ts'
import type { LinkDoor } from './link-door.ts'
import { processMemory, roomBytes } from './memory.ts'

/** What one account may take of this process: so many calls under way, so many bytes of their bodies, and no queue. */
export type BulkheadOptions = {
  account: string
  clock: Clock
  /** Calls under way at most. No more than the door has connections, or they would wait where nobody sees them. */
  places: number
  /** Of these, kept for calls that are `urgent`. */
  kept?: number
  /** Calls under way at most to one host, where it leads to many. */
  perHost?: number
  /** What an answer may take of the process's memory, in bytes: refused while there is no room for it. */
  heavy?: number
}

const MEBIBYTE = 1024 * 1024
/** Bytes of bodies under way; one call alone may have more. */
const MOST_BYTES = Math.min(64 * MEBIBYTE, roomBytes() / 16)
/** Those who are refused come back no earlier: the sweep does not look more often either. */
const SOONEST_MS = 250
const LATEST_MS = 20_000

/** The same door; a call that finds no place is refused at once: THROTTLED, with the time to come again. */
export function limitDoor(door: HttpDoor, options: BulkheadOptions): HttpDoor {
  const room = createRoom(options)
  return {
    send: call => within(room, takingOf(call), () => door.send(call)),
    close: () => door.close(),
  }
}

/** The same for the questions to a desk's links. */
export function limitLink(door: LinkDoor, options: BulkheadOptions): LinkDoor {
  const room = createRoom(options)
  return {
    ask: (name, question, call, timeoutMs) =>
      within(room, { urgent: call.urgent, host: name, bytes: 0 }, () =>
        door.ask(name, question, call, timeoutMs),
      ),
  }
}

async function within<Answer>(room: Room, taking: Taking, run: () => Promise<Answer>): Promise<Answer> {
  const leave = room.enter(taking)
  try {
    return await run()
  } finally {
    leave()
  }
}

/** What a call takes while it lasts. */
type Taking = { urgent: Call['urgent']; host: string; bytes: number }

function takingOf({ url, body, call }: OutgoingCall): Taking {
  const { urgent }: Pick<Call, 'signal' | 'urgent'> = call
  return { urgent, host: URL.parse(url)?.host ?? '', bytes: bytesOf(body) }
}

function bytesOf(body: OutgoingCall['body']): number {
  if (body === undefined) return 0
  if (typeof body === 'string') return body.length
  if (body instanceof Uint8Array) return body.byteLength
  let bytes = 0
  for (const [, value] of body) bytes += typeof value === 'string' ? value.length : value.size
  return bytes
}

/** Throws THROTTLED where there is no place; gives the function that leaves it again. */
type Room = { enter(taking: Taking): () => void }

function createRoom({ account, clock, places, kept = 0, perHost = places, heavy }: BulkheadOptions): Room {
  const taken = { calls: 0, bytes: 0, hosts: new Map<string, number>() }
  const queue = createTurns(places)

  function isFull({ urgent, host, bytes }: Taking): boolean {
    if (taken.calls >= (urgent ? places : places - kept)) return true
    if ((taken.hosts.get(host) ?? 0) >= perHost) return true
    if (heavy !== undefined && taken.calls > 0 && processMemory.tightness(heavy) !== undefined) return true
    return taken.calls > 0 && bytes > 0 && taken.bytes + bytes > MOST_BYTES
  }
  function add({ host, bytes }: Taking, one: 1 | -1): void {
    taken.calls += one
    taken.bytes += one * bytes
    const there = (taken.hosts.get(host) ?? 0) + one
    if (there > 0) taken.hosts.set(host, there)
    else taken.hosts.delete(host)
  }
  return {
    enter(taking) {
      const began = clock.now()
      if (isFull(taking)) {
        const what = `${account} is busy with as many calls as it may have at a time`
        throw new MediatorError('THROTTLED', what, { retryAt: queue.turnAt(began), neverArrived: true })
      }
      add(taking, 1)
      return () => {
        add(taking, -1)
        queue.lasted(clock.now() - began)
      }
    },
  }
}

/**
 * Sends those who are refused to different moments, as far apart as places get free: a desk that answers in milliseconds
 * is asked again at the next look, one that hangs is not stormed.
 */
function createTurns(places: number): { lasted(ms: number): void; turnAt(now: number): number } {
  let usual = 0
  let last = 0
  return {
    lasted(ms) {
      usual += (ms - usual) / 16
    },
    turnAt(now) {
      const next = Math.max(last + usual / places, now + SOONEST_MS)
      last = Math.min(next, now + LATEST_MS)
      return Math.ceil(last)
    },
  }
}
