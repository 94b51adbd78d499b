import type { Logger } from 'pino'
import { asMediatorError, type ErrorCode, MediatorError } from '../../../domain/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import { pause } from '../pause.ts'
import { type Feed, openFeed, type RefusedFeed } from './feed.ts'
import type { Login } from './login.ts'
import { type Notice, readListed, readNotice } from './notice.ts'
import type { SeatHttp } from './seat-http.ts'

export type ListeningKit = {
  http: SeatHttp
  login: Login
  desk: string
  log: Logger
  clock: Clock
  signal: AbortSignal
  /** What the seat has in hand, as the desk lists it. */
  list(): Promise<unknown[]>
  hear(notice: Notice, isListed: boolean): void
  /** Before what is in hand is asked for. */
  catchingUp(): void
  /** After everything in hand was heard, where it could be asked for. */
  caughtUp(inHand: ReadonlySet<string> | undefined): void
  report(state: 'connected' | 'reconnecting'): void
}

export type Listening = {
  /** Until the signal aborts. Throws MISCONFIGURED where the login is refused, and what else cannot be mended here. */
  keep(): Promise<void>
  leave(signal: AbortSignal): Promise<void>
}

/** A feed that was good and is refused sooner than this has not run out: something is amiss there, and must not be hurried. */
const GOOD_MS = 30_000
const SUDDEN_PAUSE_MS = 1_000
/** One after the other that never came up. */
const MOST_REFUSALS = 3
const CATCH_UP_AGAIN_MS = 2_000
const LATER: ReadonlySet<ErrorCode> = new Set(['UNREACHABLE', 'TIMEOUT', 'THROTTLED'])

/** Hears of what happens as long as the seat is at work: through lost sessions of the feed, and of the login. */
export function createListening(kit: ListeningKit): Listening {
  const { login, signal, log, clock } = kit
  let feed: Feed | undefined
  let handshakes = 0

  return {
    async keep() {
      for (let refusals = 0; !signal.aborted; ) {
        const openedAt = clock.now()
        const refused = await listen()
        refusals = refused.wasUp ? 0 : refusals + 1
        if (isHopeless(refused, refusals)) throw badLogin(kit.desk)
        kit.report('reconnecting')
        const isSudden = refused.wasUp && clock.now() - openedAt < GOOD_MS
        if (isSudden) await pause(SUDDEN_PAUSE_MS, signal)
        if (!signal.aborted) await login.renew(refused.age)
      }
    },
    leave: async until => feed?.leave(until),
  }

  function listen(): Promise<RefusedFeed> {
    let isFirst = true
    feed = openFeed({
      ...kit,
      age: login.age,
      hear,
      subscribed() {
        void catchUp(++handshakes, isFirst)
        isFirst = false
      },
    })
    return feed.ended
  }

  /** Refused before it came up, right after a login that went well: the login is good for nothing. */
  function isHopeless({ age, wasUp }: RefusedFeed, refusals: number): boolean {
    return (age === login.age() && !wasUp) || refusals >= MOST_REFUSALS
  }

  /** A server that has lost the feed may have lost everything. */
  async function catchUp(handshake: number, isFirst: boolean): Promise<void> {
    while (!signal.aborted && handshake === handshakes) {
      try {
        if (!isFirst) await login.resume()
        kit.catchingUp()
        return hearListed(await listed())
      } catch (thrown) {
        const { code, message } = asMediatorError(thrown)
        log.warn({ code, reason: message }, 'what the seat has in hand is not known yet')
      }
      await pause(CATCH_UP_AGAIN_MS, signal)
    }
  }

  /** Undefined where the desk has no such list. */
  async function listed(): Promise<unknown[] | undefined> {
    try {
      return await kit.list()
    } catch (thrown) {
      const error = asMediatorError(thrown)
      if (LATER.has(error.code)) throw error
      log.warn(
        { code: error.code, reason: error.message },
        'the desk does not list what the seat has in hand',
      )
      return undefined
    }
  }

  function hearListed(items: unknown[] | undefined): void {
    const notices = items?.flatMap(item => readListed(item) ?? [])
    for (const notice of notices ?? []) kit.hear(notice, true)
    kit.caughtUp(notices && new Set(notices.map(({ interaction }) => interaction)))
  }

  function hear(data: unknown): void {
    const notice = readNotice(data)
    if (!notice) log.debug('a notification about nothing we know')
    if (notice?.failure) log.warn(notice.failure, 'an operation failed after it had been acknowledged')
    if (notice) kit.hear(notice, false)
  }
}

function badLogin(desk: string): MediatorError {
  return new MediatorError(
    'MISCONFIGURED',
    `${desk} notifications: the seat is refused: check its user and password, and its rights`,
  )
}
