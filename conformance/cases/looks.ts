import type { DeskStage } from '../../simulators/stage.ts'
import { canBeAsked } from '../bare-desk.ts'
import { type Case, converse, expect, isSimulated } from '../case.ts'
import { clientReads } from '../reading.ts'

const asked = (trap: keyof DeskStage['traps']) => (stage: DeskStage) =>
  isSimulated(stage) && canBeAsked(stage) && stage.traps[trap] !== undefined

/** For desks that can be asked how a conversation stands. */
export const looks: Case[] = [
  {
    name: 'end-untold',
    promise: 'an end the desk never tells of is found by asking: the client is handed back once',
    canTry: asked('closeUntold'),
    async run(trial) {
      const client = await converse(trial)
      await trial.stage.traps.closeUntold?.(client.person)
      await trial.until('it has ended', async () => (await client.session()).state === 'ended')
      await trial.quiet(client)
      await trial.until('handed back', () => client.endings() > 0)
      expect('hand-backs', client.endings(), 1)
    },
  },
  {
    name: 'words-untold',
    promise: 'words the desk never tells of are found by asking: they come once, in order',
    canTry: asked('sayUntold'),
    async run(trial) {
      const client = await converse(trial)
      const { agent, traps } = trial.stage
      await agent.say(client.person, 'told')
      await traps.sayUntold?.(client.person, 'not told')
      await traps.sayUntold?.(client.person, 'not told either')
      await clientReads(trial, client, ['told', 'not told', 'not told either'])
      await agent.say(client.person, 'after')
      await trial.quiet(client)
      await clientReads(trial, client, ['told', 'not told', 'not told either', 'after'])
    },
  },
]
