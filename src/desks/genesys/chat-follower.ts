import { asMediatorError, type MediatorError } from '../../domain/errors.ts'
import type { Followed } from '../desk.ts'
import { createChatReader, type Progress, type ReaderKit } from './chat-reader.ts'
import type { LinkHealth } from './link-health.ts'
import { pause } from './pause.ts'
import { createPollPace } from './poll-pace.ts'
import type { Settings } from './settings.ts'
import type { Slots } from './slots.ts'

/** Keeps reading one chat, one reading at a time. */
export type Follower = {
  /** The session is over; reads the last words and leaves. */
  leave(): void
  /** Resolves when it has left, or the chat has ended. Never rejects. */
  done: Promise<void>
}

export type FollowerKit = ReaderKit & {
  slots: Slots
  health: LinkHealth
  poll: Settings['poll']
  /** Stops everybody. */
  giveUp(error: MediatorError): void
}

/** To a line that is missing, in ms; less where chats are read more often. */
const SOON_MS = 500
/** To read a chat once more after its session has ended. */
const LAST_TRIES = 5

export function followChat(kit: FollowerKit, followed: Followed): Follower {
  const { slots, health, clock, signal, link } = kit
  const { session } = followed
  const left = new AbortController()
  const resting = AbortSignal.any([signal, left.signal])
  const pace = createPollPace(kit.poll, clock.now())
  const reader = createChatReader(kit, followed)
  return { leave: () => left.abort(), done: keepReading() }

  async function keepReading(): Promise<void> {
    while (!resting.aborted) {
      const restMs = await slots.run(readOnce)
      if (restMs === undefined) return
      await pause(restMs, resting)
    }
    await tryLastWords()
  }

  /** Ms until the next reading; undefined when the chat has ended. */
  async function readOnce(): Promise<number | undefined> {
    if (resting.aborted) return 0
    try {
      const progress = await reader.read()
      health.wentWell()
      return restAfter(progress)
    } catch (thrown) {
      return signal.aborted ? 0 : restAfterFailure(asMediatorError(thrown))
    }
  }

  function restAfter({ state, stirred }: Progress): number | undefined {
    if (stirred) pace.stirred(clock.now())
    if (state === 'over') return undefined
    const usual = pace.next(clock.now())
    return state === 'waiting' ? Math.min(usual, SOON_MS) : usual
  }

  function restAfterFailure(error: MediatorError): number {
    const { code, message } = error
    link.log.warn({ session: session.id, code, reason: message }, 'a chat could not be read')
    if (code === 'FENCED') kit.giveUp(error)
    else if (code !== 'STORE_UNAVAILABLE') health.wentWrong(error, clock.now())
    return pace.afterFailure(error, clock.now())
  }

  async function tryLastWords(): Promise<void> {
    for (let tries = 0; tries < LAST_TRIES && !signal.aborted; tries++) {
      const restMs = await slots.run(readLastWords)
      if (restMs === undefined) return
      await pause(restMs, signal)
    }
  }

  /** Ms until another try; undefined when there is nothing more to be had. */
  async function readLastWords(): Promise<number | undefined> {
    try {
      await reader.readLastWords()
      return undefined
    } catch (thrown) {
      const error = asMediatorError(thrown)
      link.log.debug({ session: session.id, code: error.code }, 'a chat that is over could not be read')
      return error.transient ? pace.afterFailure(error, clock.now()) : undefined
    }
  }
}
