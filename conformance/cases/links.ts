import { type Case, converse } from '../case.ts'
import { agentReads, clientReads } from '../reading.ts'

/** For desks that are read through a link. */
export const links: Case[] = [
  {
    name: 'link-cut',
    promise: 'a connection that is cut is taken up where it was: nothing lost, nothing twice',
    canTry: ({ traps }) => traps.cut !== undefined,
    async run(trial) {
      const client = await converse(trial)
      const { agent, traps } = trial.stage
      await agent.say(client.person, 'before')
      await client.says('hello')
      await clientReads(trial, client, ['before'])
      await traps.cut?.()
      await agent.say(client.person, 'while it was cut')
      await client.says('are you there?')
      await agent.say(client.person, 'after')
      await clientReads(trial, client, ['before', 'while it was cut', 'after'])
      await agentReads(trial, client, ['hello', 'are you there?'])
    },
  },
  {
    name: 'link-taken-over',
    promise: 'another replica goes on where one has stopped: nothing lost, nothing twice',
    canTry: ({ traps }) => traps.cut !== undefined,
    replicas: true,
    async run(trial) {
      const client = await converse(trial)
      const { agent } = trial.stage
      await agent.say(client.person, 'before')
      await client.says('hello')
      await clientReads(trial, client, ['before'])
      await trial.addReplica()
      const stopped = trial.services.shift()
      await stopped?.stop()
      stopped?.clean()
      await agent.say(client.person, 'meanwhile')
      await client.says('are you there?')
      await agent.say(client.person, 'after')
      await clientReads(trial, client, ['before', 'meanwhile', 'after'])
      await agentReads(trial, client, ['hello', 'are you there?'])
    },
  },
]
