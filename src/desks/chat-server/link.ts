import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { asMediatorError } from '../../domain/errors.ts'
import type { Kit } from '../../lib/kit.ts'
import type { Link, LinkDefinition } from '../desk.ts'
import { createAnswers } from './answers.ts'
import { createConnection } from './connection.ts'
import type { Ears } from './line.ts'
import { CONNECTOR } from './questions.ts'
import type { PassOn } from './reading.ts'
import { createRooms, type Rooms } from './rooms.ts'
import type { Settings } from './settings.ts'
import { loadSockets } from './sockets.ts'

/** The one connection, by which this desk's replicas join, speak, hear and end. */
export function createConnector(settings: Settings, kit: Kit): LinkDefinition {
  return { name: CONNECTOR, run: link => run(settings, kit, link) }
}

async function run(settings: Settings, kit: Kit, link: Link): Promise<void> {
  const dial = await loadSockets(settings)
  const broken = new AbortController()
  const signal = AbortSignal.any([link.signal, broken.signal])
  const fail = (error: unknown): void => broken.abort(error)
  const rooms = createRooms({
    settings,
    log: link.log,
    clock: kit.clock,
    passOn: createPassOn(link, signal, fail),
  })
  const following = createFollowing(link, rooms, kit)
  const connection = createConnection({
    settings,
    kit,
    link,
    dial,
    ears: earsOf(rooms, link.log),
    onUp(line) {
      rooms.connect(line)
      following.hurry()
    },
    onDown: rooms.disconnect,
  })
  link.serve(createAnswers(rooms, connection))
  await Promise.all([connection.keep(signal).catch(fail), following.keep(signal).catch(fail)])
  if (broken.signal.aborted && !link.signal.aborted) throw broken.signal.reason
}

/** Whatever the server sends, the connection stays. */
function earsOf(rooms: Rooms, log: Logger): Ears {
  const unbroken = (hear: (payload: unknown) => void) => (payload: unknown) => {
    try {
      hear(payload)
    } catch (error) {
      log.error({ error: (error as Error).name }, 'what the chat server sent could not be understood')
    }
  }
  return { messageArrived: unbroken(rooms.hearMessage), conversationInfo: unbroken(rooms.hearInfo) }
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 2_000

/** While the store is away the same is tried again, and what comes after waits: nothing may be lost, or overtake. */
function createPassOn(link: Link, signal: AbortSignal, fail: (error: unknown) => void): PassOn {
  return async (session, event, cursor) => {
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await link.emit(session, event, cursor)
      } catch (thrown) {
        const { code, message } = asMediatorError(thrown)
        if (code === 'FENCED') return fail(thrown)
        link.log.warn({ session: session.id, code, reason: message }, 'an event could not be passed on')
        if (code !== 'STORE_UNAVAILABLE') return
      }
      await wait(pause, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** How often is looked whether sessions have come or gone, in ms; the shorter one while something waits for its session. */
const LOOK_MS = 1_000
const LOOK_SOON_MS = 200

function createFollowing(
  link: Link,
  rooms: Rooms,
  { clock }: Kit,
): { keep(signal: AbortSignal): Promise<void>; hurry(): void } {
  let next = 0
  return {
    hurry() {
      next = 0
    },
    async keep(signal) {
      while (!signal.aborted) {
        if (clock.now() >= next || rooms.areWaiting()) {
          next = clock.now() + LOOK_MS
          await look()
        }
        await wait(LOOK_SOON_MS, undefined, { signal }).catch(() => undefined)
      }
    },
  }

  async function look(): Promise<void> {
    try {
      rooms.follow(await link.sessions())
    } catch (error) {
      if (asMediatorError(error).code !== 'STORE_UNAVAILABLE') throw error
      link.log.debug('the sessions cannot be read at the moment')
    }
  }
}
