import type { DeskStage } from '../simulators/stage.ts'

/** What only some desks can do. */
export type Ability = 'waiting' | 'files' | 'last-words' | 'shortcodes' | 'outage'

type Known = {
  has(desk: DeskStage): boolean
  /** What people would miss in the play where it is missing. */
  missed?: string
}

const ABILITIES: Record<Ability, Known> = {
  waiting: { has: ({ tellsOfWaiting }) => tellsOfWaiting === true },
  files: { has: ({ agent }) => agent.sendFile !== undefined, missed: 'files from the agent' },
  'last-words': {
    has: ({ agent }) => agent.closesWithComment === true,
    missed: 'a comment with which the agent closes',
  },
  shortcodes: { has: ({ agent }) => agent.writesShortcodes === true },
  outage: { has: ({ power }) => power !== undefined, missed: 'an outage' },
}

/** Whether the desk has it. */
export function can(desk: DeskStage, ability: Ability): boolean {
  return ABILITIES[ability].has(desk)
}

/** What is left out of the play at this desk, and would be missed. */
export function missedAt(desk: DeskStage): string[] {
  const lacking = Object.values(ABILITIES).filter(({ has }) => !has(desk))
  return lacking.flatMap(({ missed }) => missed ?? [])
}
