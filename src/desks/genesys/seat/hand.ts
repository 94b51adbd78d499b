import type { Clock } from '../../../lib/clock.ts'
import type { Notice } from './notice.ts'

/** What the seat has in hand, as far as it was told. */
export type Hand = {
  hear(notice: Notice): void
  /** What we have done ourselves, and not been told of yet. */
  set(interaction: string, state: string): void
  stateOf(interaction: string): string | undefined
  /** Chats that have been over for so long (ms) and wait for somebody to complete the work on them. */
  unfinished(ms: number): string[]
  /** Somebody outside has ended it, and will complete it. */
  leaveAlone(interaction: string): void
}

const OVER: ReadonlySet<string> = new Set(['Completed', 'Revoked'])
/** What is over is remembered this long, in ms: a second end of it must find that it is over. */
const REMEMBERED_MS = 600_000

export function createHand(clock: Clock): Hand {
  const leftAlone = new Set<string>()
  const states = new Map<string, { state: string; since: number }>()
  return {
    hear({ interaction, state }) {
      if (state !== undefined) set(interaction, state)
    },
    set,
    stateOf: interaction => states.get(interaction)?.state,
    unfinished(ms) {
      const before = clock.now() - ms
      return [...states].flatMap(([id, { state, since }]) =>
        state === 'LeftChat' && since <= before && !leftAlone.has(id) ? [id] : [],
      )
    },
    leaveAlone: interaction => void leftAlone.add(interaction),
  }

  function set(interaction: string, state: string): void {
    if (states.get(interaction)?.state === state) return
    forgetOver()
    if (OVER.has(state)) leftAlone.delete(interaction)
    states.set(interaction, { state, since: clock.now() })
  }

  function forgetOver(): void {
    const before = clock.now() - REMEMBERED_MS
    for (const [id, { state, since }] of states) if (OVER.has(state) && since < before) states.delete(id)
  }
}
