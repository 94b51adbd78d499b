import type { Logger } from 'pino'
import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import { isAgent } from './activities.ts'
import type { Heard } from './heard.ts'
import { readMessage } from './inbound.ts'
import type { Line } from './line.ts'
import { createMembership } from './membership.ts'
import { PATIENCE_MS } from './questions.ts'
import { type BoundSession, createReading, type PassOn, type Present } from './reading.ts'
import type { Seat } from './seat.ts'
import type { Settings } from './settings.ts'
import { createSigns } from './signs.ts'
import { finish, say } from './speaking.ts'
import type { ConversationInfo, Participant } from './wire.ts'

/** One conversation, as the running link has it. */
export type Room = {
  seat: Seat
  /** There is a connection: we join, unless we have. `anew`: also where all attempts were in vain. */
  connect(line: Line, anew?: boolean): void
  disconnect(): void
  hearMessage(raw: unknown): void
  /** What a third party said outside of any conversation, for whoever is in this one. */
  hearCampaign(raw: unknown): void
  hearInfo(info: ConversationInfo): void
  /** Whose conversation it is, and how far it was read. What was heard before is passed on now. */
  bind(session: BoundSession, cursor: string | undefined): void
  isBound(): boolean
  /** Something was heard that cannot be passed on yet. */
  isWaiting(): boolean
  isOver(): boolean
  /** Joins a conversation that has just been opened. Throws UNREACHABLE, and NO_AGENT if that is wanted. */
  join(call: Call): Promise<{ agent?: string }>
  /** Says something as the client, once under one id as far as the server tells. Throws REJECTED, UNREACHABLE, CONVERSATION_GONE. */
  send(message: { id: string }, call: Call): Promise<void>
  /** Ends the conversation, as the client. */
  end(line: Line): Promise<void>
  whenJoined(call: Call): Promise<Line>
}

export type RoomKit = { settings: Settings; log: Logger; passOn: PassOn }

/** How long after a joining its history may come, in ms. */
const HISTORY_MS = 1_000
/** How long an opening waits to hear who is there, where only that is wanted, in ms. */
const WHO_IS_THERE_MS = 200
/** How long it waits to hear that nobody is, in ms. */
const IS_ANYBODY_THERE_MS = 1_000

export function createRoom({ settings, log, passOn }: RoomKit, seat: Seat): Room {
  const signs = createSigns()
  const reading = createReading(seat.conversation, passOn)
  let history: NodeJS.Timeout | undefined
  let isEnding = false
  const membership = createMembership({
    payload: { conversationId: seat.conversation, id: seat.participant, name: seat.name },
    timeoutMs: settings.join_timeout_ms,
    onJoined() {
      history = setTimeout(reading.open, HISTORY_MS)
    },
    onLost() {
      log.warn({ conversation: seat.conversation }, 'the chat server does not know a conversation any more')
      reading.open()
      reading.gone()
    },
  })

  return {
    seat,
    connect(line, anew = false) {
      const isOutside = membership.state() === 'out' || (anew && membership.state() === 'lost')
      if (signs.over.aborted || !isOutside) return
      reading.shut()
      membership.enter(line)
    },
    disconnect,
    hearMessage(raw) {
      membership.confirm()
      hear(readMessage(raw, seat, settings))
    },
    hearCampaign: raw => hear(readMessage(raw, seat, settings)),
    hearInfo,
    bind: reading.bind,
    isBound: reading.isBound,
    isWaiting: reading.isWaiting,
    isOver: () => signs.over.aborted,
    join,
    send,
    end,
    whenJoined: call => membership.whenIn(PATIENCE_MS, call.signal),
  }

  function disconnect(): void {
    clearTimeout(history)
    membership.leave()
    reading.open()
  }

  function hear(heard: Heard): void {
    note(heard)
    const isOurDoing = isEnding && heard.kind === 'news' && heard.event.type === 'closed'
    if (heard.kind === 'news' && !isOurDoing) reading.live(heard)
    // What was said before the end may still come, as history.
    if (signs.over.aborted) membership.leave()
  }

  function note(heard: Heard): void {
    signs.note(heard)
    const { conversation } = seat
    if (heard.kind === 'no-agent')
      log.info({ conversation }, 'the chat server says that no agent is available')
    if (heard.kind === 'dropped') log.debug({ conversation, why: heard.why }, 'not passed on')
  }

  function hearInfo({ messages, participants }: ConversationInfo): void {
    membership.confirm()
    const heard = messages.map(raw => readMessage(raw, seat, settings))
    for (const one of heard) note(one)
    const agents = participants.flatMap(who => toPresent(who, seat))
    signs.noteInfo(agents)
    reading.replay(
      heard.filter(one => one.kind === 'news'),
      agents,
    )
    if (signs.over.aborted) membership.leave()
  }

  async function join(call: Call): Promise<{ agent?: string }> {
    const line = await membership.whenIn(settings.join_timeout_ms, call.signal).catch(refuseOpening)
    const { transfer_event, no_agent } = settings
    if (transfer_event) line.emit(transfer_event, { conversationId: seat.conversation })
    const refuses = no_agent === 'refuse'
    await signs.routed(refuses ? IS_ANYBODY_THERE_MS : WHO_IS_THERE_MS, !refuses)
    if (refuses && signs.isNobodyThere()) {
      await end(line)
      throw new MediatorError('NO_AGENT', 'the chat server says that no agent is available')
    }
    const agent = signs.agent()
    return agent ? { agent: agent.name ?? '' } : {}
  }

  async function send(message: { id: string }, call: Call): Promise<void> {
    if (signs.over.aborted) refuseSpeaking(undefined)
    const line = await membership.whenIn(PATIENCE_MS, call.signal).catch(refuseSpeaking)
    // It may have arrived before the connection broke, or the replica that sent it; the history tells, where the server keeps our ids.
    await reading.caughtUp()
    if (signs.hasHeard(message.id)) return
    if (signs.over.aborted) refuseSpeaking(undefined)
    await say(line, message)
  }

  function refuseSpeaking(cause: unknown): never {
    if (signs.over.aborted) throw new MediatorError('CONVERSATION_GONE', 'the conversation is over')
    throw cause
  }

  async function end(line: Line): Promise<void> {
    if (signs.over.aborted) return
    isEnding = true
    await finish(line, seat.conversation, signs.over, settings.end_timeout_ms)
    signs.finish()
    disconnect()
  }
}

/** For who waits to be let in for the first time, a conversation the server does not know is one it does not know yet. */
function refuseOpening(cause: unknown): never {
  throw new MediatorError('UNREACHABLE', 'the chat server did not let us join the conversation it opened', {
    cause,
  })
}

function toPresent({ id, name, type }: Participant, { participant }: Seat): Present[] {
  const counts = id !== undefined && isAgent({ who: { id, type }, isSelf: id === participant })
  return counts ? [{ id, ...(name && { name }) }] : []
}
