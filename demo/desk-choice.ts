import type { DeskStage } from '../simulators/stage.ts'
import { stages } from '../simulators/stages.ts'

/** A desk that can be played with; `start` gets 0 for any port. */
export type DeskChoice = { name: string; start(port: number): Promise<DeskStage> }

export const deskNames = Object.keys(stages)

/** Throws, with all names, when there is no such desk. */
export function chooseDesk(name: string): DeskChoice {
  const start = Object.hasOwn(stages, name) ? stages[name] : undefined
  if (!start) throw new Error(`there is no desk "${name}"; there are ${deskNames.join(', ')}`)
  return { name, start }
}
