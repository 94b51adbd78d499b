import type { AgentEvent } from '../../domain/agent-event.ts'
import { asMediatorError, MediatorError } from '../../domain/errors.ts'
import type { EndReason } from '../../domain/session.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Followed, Link } from '../desk.ts'
import { createChatWatch } from './chat-watch.ts'
import type { ChatLine, CustomerLeg, Reading } from './customer-leg.ts'
import { createLineOrder, sortOnce } from './line-order.ts'
import { type Ears, toEvent } from './translate.ts'

/** Reads one chat on from where its cursor says, and passes on what concerns the client. */
export type ChatReader = {
  /** Throws MediatorError; what was not passed on then is read again. */
  read(): Promise<Progress>
  /** The session is over: what agents said before that is still owed to the client. Throws MediatorError; may be repeated. */
  readLastWords(): Promise<void>
}

/** `waiting`: a line is missing, look again soon. `over`: the end was passed on. */
export type Progress = { state: 'on' | 'waiting' | 'over'; stirred: boolean }

export type ReaderKit = {
  leg: CustomerLeg
  link: Link
  clock: Clock
  ears: Ears
  /** Aborts when everybody must stop. */
  signal: AbortSignal
}

export function createChatReader(kit: ReaderKit, { session, cursor: stored }: Followed): ChatReader {
  const { leg, link, clock, ears, signal } = kit
  const chat = session.conversation
  const order = createLineOrder()
  const watch = createChatWatch(kit, session, stored !== undefined)
  const call = { signal, log: link.log, attempt: 1 }
  let cursor = stored
  let last = leg.cursors === 'indexes' && stored !== undefined ? Number(stored) : undefined
  /** Read, and kept back for a line before them. */
  let held: ChatLine[] = []
  let readAt = session.openedAt

  return {
    async read() {
      const asked = clock.now()
      const reading = await ask()
      if (reading === 'gone') return end('gone')
      const { ready, isWaiting } = sort(reading)
      for (const line of ready) await take(line, line === ready.at(-1) ? reading.next : undefined)
      cursor = reading.next ?? cursor
      readAt = asked
      const stirred = ready.length > 0
      if (isWaiting) return { state: 'waiting', stirred }
      if (reading.over || watch.hasEnded()) return end('agent')
      // Once more after the end is known: something may have been said between the reading and the end.
      const ended = await watch.look(call)
      return { state: ended ? 'waiting' : 'on', stirred }
    },
    async readLastWords() {
      const reading = await leg.read(chat, cursor, call).catch(asMediatorError)
      const lines = reading instanceof MediatorError ? [] : reading.lines
      for (const line of sortOnce(fresh([...held, ...lines]))) {
        const event = eventOf(line)
        if (event?.type === 'message') await link.emit(session, event)
      }
      if (reading instanceof MediatorError) throw reading
    },
  }

  async function ask(): Promise<Reading | 'gone'> {
    try {
      return await leg.read(chat, cursor, call)
    } catch (error) {
      if (!(error instanceof MediatorError) || error.transient) throw error
      if (error.code === 'CONVERSATION_GONE') return 'gone'
      // A chat that is over may refuse to be read any more.
      if (watch.hasEnded() || (await watch.ask(call))) return { lines: [], over: true }
      throw error
    }
  }

  function sort({ lines, over }: Reading): { ready: ChatLine[]; isWaiting: boolean } {
    // What a chat that is over still tells, it tells now; and what it has told is not told again.
    if (over) return { ready: sortOnce(fresh([...held, ...lines])), isWaiting: false }
    if (leg.cursors === 'positions') return { ready: sortOnce(fresh(lines)), isWaiting: false }
    const sorted = order.take(fresh(lines), last)
    held = sorted.isWaiting ? lines : []
    return sorted
  }

  function fresh(lines: ChatLine[]): ChatLine[] {
    return lines.filter(({ index }) => last === undefined || index > last)
  }

  /** `next`: the position after it, where it is the last of its reading: between two positions nothing can be resumed at. */
  async function take(line: ChatLine, next: string | undefined): Promise<void> {
    const event = eventOf(line)
    const after = leg.cursors === 'indexes' ? String(line.index) : next
    if (event) await link.emit(session, event, after)
    watch.saw(line)
    last = line.index
    cursor = after ?? cursor
  }

  /** Without a time of its own it was said after the reading before: early enough to be owed when the session just ended. */
  function eventOf(line: ChatLine): AgentEvent | undefined {
    const event = toEvent(chat.id, line, ears)
    return event && { ...event, at: event.at ?? readAt }
  }

  async function end(reason: EndReason): Promise<Progress> {
    const event: AgentEvent = { type: 'closed', reason, conversation: chat.id, id: `${chat.id}:end` }
    await link.emit(session, event, cursor)
    return { state: 'over', stirred: true }
  }
}
