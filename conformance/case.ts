import type { DeskStage } from '../simulators/stage.ts'
import type { Client, Trial } from './trial.ts'

/** One thing every desk must do. */
export type Case = {
  name: string
  /** What is promised, in a table's cell or a line of the report. */
  promise: string
  /** False where this desk, or the way it is played, has nothing to try it with; then an exception must say why. */
  canTry(stage: DeskStage): boolean
  /** Only where other replicas can share the store. */
  replicas?: true
  /** Throws with what is not so. */
  run(trial: Trial): Promise<void>
}

export const always = (): boolean => true

/** Where one can look into the desk and make it fail. */
export const isSimulated = ({ askAgent }: DeskStage): boolean => askAgent === undefined

/** A client whose conversation an agent has taken. */
export async function converse(trial: Trial): Promise<Client> {
  const client = await trial.handOver()
  await trial.stage.agent.take(client.person)
  await trial.until('the session is assigned', async () => (await client.session()).state === 'assigned')
  return client
}

export function expect(what: string, actual: unknown, expected: unknown): void {
  const [is, ought] = [actual, expected].map(value => JSON.stringify(value))
  if (is !== ought) throw new Error(`${what}: expected ${ought}, found ${is}`)
}
