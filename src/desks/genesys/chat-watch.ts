import { asMediatorError } from '../../domain/errors.ts'
import type { Conversation, Session } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Clock } from '../../lib/clock.ts'
import type { ChatLine, ChatState, CustomerLeg } from './customer-leg.ts'
import { type Ears, isSeat, isSeatNickname } from './translate.ts'

/** Finds out when a chat has ended, which its log does not say: an agent also leaves when they pass it on. Never throws. */
export type ChatWatch = {
  saw(line: ChatLine): void
  /** Asks for the chat's state when there is reason to; true when it has ended. */
  look(call: Call): Promise<boolean>
  /** The same, whether there is reason or not. */
  ask(call: Call): Promise<boolean>
  /** What was found out before. */
  hasEnded(): boolean
}

/** A chat may end without a line in its log: by the desk's own timers, or while nobody read it. In ms. */
const ASK_EVERY_MS = 30_000
const ASK_AGAIN_MS = 5_000

export type WatchKit = { leg: CustomerLeg; ears: Ears; clock: Clock }

export function createChatWatch(
  { leg, ears, clock }: WatchKit,
  session: Session & { conversation: Conversation },
  isResumed: boolean,
): ChatWatch {
  let agentSeen = session.state === 'assigned'
  let askAt = isResumed ? 0 : clock.now() + ASK_EVERY_MS
  let ended = false

  return {
    saw(line) {
      if (line.kind === 'left') askAt = 0
      if (line.kind === 'joined' && line.by === 'agent' && !isSeat(line, ears)) agentSeen = true
    },
    look: async call => clock.now() >= askAt && ask(call),
    ask,
    hasEnded: () => ended,
  }

  async function ask(call: Call): Promise<boolean> {
    try {
      const state = await leg.state?.(session.conversation, call)
      if (state) judge(state)
    } catch (thrown) {
      const { code, message } = asMediatorError(thrown)
      ended = code === 'CONVERSATION_GONE'
      askAt = clock.now() + ASK_AGAIN_MS
      call.log.debug({ session: session.id, code, reason: message }, 'the state of a chat is not known')
    }
    return ended
  }

  /** While nobody is there after somebody was, it is asked with every reading. */
  function judge(state: ChatState): void {
    const present = state.agents.some(nickname => !isSeatNickname(nickname, ears))
    agentSeen ||= present
    const isLeft = agentSeen && !present
    askAt = isLeft ? 0 : clock.now() + ASK_EVERY_MS
    ended = state.over || (isLeft && state.maySpeak === false && !state.waiting)
  }
}
