import type { AgentEvent } from '../../../domain/agent-event.ts'
import type { EndReason } from '../../../domain/session.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Followed, Link } from '../../desk.ts'
import { createChatLog } from './chat-log.ts'
import { createHistory } from './history.ts'
import type { Identity } from './identity.ts'
import type { Notice } from './notice.ts'
import { toEvent } from './translate.ts'
import type { Line } from './wire.ts'

/** One interaction whose agents are heard through the seat. Before its session is known, what is said is kept. */
export type RelayedChat = {
  hear(notice: Notice): void
  /** The seat is being let in: all that was said before will be told again, and is none of the client's business. */
  entering(isEntering: boolean): void
  /** The session is known from now on. */
  bind(followed: Followed): void
  /** The id of the session; undefined while it is not known. */
  session(): string | undefined
  end(reason: EndReason): void
  /** Something may have been missed; the history will tell. */
  mayHaveMissed(): void
  /** True when the history must be asked for now. */
  needsHistory(): boolean
  /** The history is asked for now; what comes back is to be called when the desk has agreed. */
  askHistory(): () => void
  /** There is none to be had. */
  noHistory(): void
  /** Passes on what may be passed on. Throws what `link.emit` throws; then the same is passed on again. */
  emit(link: Link): Promise<void>
  /** Without a session: gives up what was heard before this time, and counts what agents said in it. */
  forget(before: number): number
  /** No session, and nothing heard since then. */
  isIdleSince(time: number): boolean
}

export function createRelayedChat(id: string, identity: Identity, clock: Clock): RelayedChat {
  const log = createChatLog()
  const history = createHistory(log, clock)
  let followed: Followed | undefined
  let stored: number | undefined
  let isEntering = false
  let ending: EndReason | undefined
  let isOver = false
  let touchedAt = clock.now()

  return {
    hear,
    entering(is) {
      isEntering = is
      history.comes(is)
    },
    bind,
    session: () => followed?.session.id,
    end(reason) {
      ending ??= reason
    },
    mayHaveMissed: history.missed,
    needsHistory: () => followed !== undefined && !ending && history.isDue(),
    askHistory() {
      isEntering ||= log.last() === undefined
      return history.asked()
    },
    noHistory: history.none,
    emit,
    forget(before) {
      const old = followed ? [] : log.forget(before)
      if (old.length > 0) history.missed()
      return old.filter(line => toEvent(id, line, identity)?.type === 'message').length
    },
    isIdleSince: time => !followed && touchedAt <= time,
  }

  function hear({ participants, lines, state }: Notice): void {
    touchedAt = clock.now()
    if (participants) identity.meets(participants)
    for (const line of lines) identity.hears(line)
    log.hear(lines, clock.now())
    if (log.last() === undefined && lines.length > 0) findBeginning(lines)
    if (state === 'Completed' || state === 'Revoked') ending ??= 'agent'
  }

  /** The history ends with the seat's own coming; where that is not to be seen, it is the first that is told after it. */
  function findBeginning(told: Line[]): void {
    const entry = log.waiting().filter(({ type, from }) => {
      return type === 'ParticipantJoined' && from !== undefined && identity.mayBeSeat(from)
    })
    if (entry.length > 0) log.startAfter(highest(entry))
    else if (isEntering) log.startAfter(highest(told))
    if (log.last() !== undefined) isEntering = false
  }

  /** Where no beginning is known, and none will be: with what there is. */
  function begin(): void {
    const waiting = log.waiting()
    if (log.last() === undefined && waiting.length > 0)
      log.startAfter(Math.min(...waiting.map(({ index }) => index)) - 1)
  }

  function bind(next: Followed): void {
    followed = next
    if (next.cursor === undefined) return
    stored = Number(next.cursor)
    log.startAfter(stored)
    // The replica before us heard up to here; what came since then, nobody may have heard.
    history.missed()
  }

  async function emit(link: Link): Promise<void> {
    if (!followed || isOver) return
    if (ending || history.isNone()) begin()
    for (let line = next(); line; line = next()) {
      const event = toEvent(id, line, identity)
      if (event) await store(link, followed, event, line.index)
      log.take(line)
    }
    const last = log.last()
    if (last !== undefined && last !== stored) await store(link, followed, undefined, last)
    if (!ending || log.waiting().length > 0) return
    const closed = { type: 'closed', reason: ending, conversation: id, id: `${id}:end` } as const
    await link.emit(followed.session, closed)
    isOver = true
  }

  function next(): Line | undefined {
    return log.next(history.hasGivenUp(ending !== undefined))
  }

  async function store(link: Link, { session }: Followed, event: AgentEvent | undefined, index: number) {
    await link.emit(session, event, String(index))
    stored = index
  }
}

function highest(lines: Line[]): number {
  return Math.max(...lines.map(({ index }) => index))
}
