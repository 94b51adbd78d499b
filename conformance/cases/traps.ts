import type { DeskStage, Person } from '../../simulators/stage.ts'
import { type Case, converse, expect } from '../case.ts'
import { agentReads, clientReads } from '../reading.ts'
import type { Trial } from '../trial.ts'

type Trap = keyof DeskStage['traps']

const has = (trap: Trap) => (stage: DeskStage) => stage.traps[trap] !== undefined

/** Springs the trap between two ordinary messages: those two are all the client may read. */
async function readsOnlyTheRest(trial: Trial, spring: (person: Person) => unknown): Promise<void> {
  const client = await converse(trial)
  await trial.stage.agent.say(client.person, 'before')
  await spring(client.person)
  await trial.stage.agent.say(client.person, 'after')
  await clientReads(trial, client, ['before', 'after'])
  await trial.quiet(client)
  await clientReads(trial, client, ['before', 'after'])
  expect('the state', (await client.session()).state, 'assigned')
}

/** What desks do that must not reach the client, or must not be done twice. */
export const traps: Case[] = [
  {
    name: 'echo',
    promise: 'the client’s own words, which the desk tells too, do not come back',
    canTry: has('echoes'),
    async run(trial) {
      const client = await converse(trial)
      for (const text of ['one', 'two']) await client.says(text)
      await agentReads(trial, client, ['one', 'two'])
      await trial.stage.agent.say(client.person, 'three')
      await clientReads(trial, client, ['three'])
      await trial.quiet(client)
      await clientReads(trial, client, ['three'])
    },
  },
  {
    name: 'whisper',
    promise: 'words for other agents never reach the client',
    canTry: has('whisper'),
    run: trial => readsOnlyTheRest(trial, person => trial.stage.traps.whisper?.(person, 'he is difficult')),
  },
  {
    name: 'repeat',
    promise: 'an event that is told twice is delivered once',
    canTry: has('sayTwice'),
    async run(trial) {
      const client = await converse(trial)
      await trial.stage.traps.sayTwice?.(client.person, 'once')
      await trial.stage.agent.say(client.person, 'after')
      await clientReads(trial, client, ['once', 'after'])
      await trial.quiet(client)
      await clientReads(trial, client, ['once', 'after'])
    },
  },
  {
    name: 'unknown-event',
    promise: 'an event of a kind nobody has documented is acknowledged and changes nothing',
    canTry: has('unknownEvent'),
    run: trial => readsOnlyTheRest(trial, person => trial.stage.traps.unknownEvent?.(person)),
  },
  {
    name: 'junk',
    promise: 'an event of the wrong shape is refused or passed over, and changes nothing',
    canTry: has('junk'),
    run: trial => readsOnlyTheRest(trial, person => trial.stage.traps.junk?.(person)),
  },
  {
    name: 'stranger',
    promise: 'words for a conversation that is nobody’s reach nobody',
    canTry: has('sayToNobody'),
    run: trial => readsOnlyTheRest(trial, () => trial.stage.traps.sayToNobody?.('to whom?')),
  },
]
