import { always, type Case, converse, expect, isSimulated } from '../case.ts'
import { agentReads, clientReads } from '../reading.ts'

export const ending: Case[] = [
  {
    name: 'close',
    promise: 'the agent ends it: the client is handed back once, and told when they still write',
    canTry: always,
    async run(trial) {
      const client = await converse(trial)
      await trial.stage.agent.say(client.person, 'last words')
      await trial.stage.agent.close(client.person)
      await trial.until('it has ended', async () => (await client.session()).state === 'ended')
      await trial.quiet(client)
      expect('who ended it', (await client.session()).ended, 'agent')
      await clientReads(trial, client, ['last words'])
      expect('hand-backs', client.endings(), 1)
      const late = await client.says('too late')
      expect('late words', [late.status, late.body.status], [409, 'session-closed'])
      await agentReads(trial, client, [])
    },
  },
  {
    name: 'close-by-bot',
    promise: 'the bot ends it: the desk closes the conversation, and no flow is started',
    canTry: stage => isSimulated(stage) && stage.traps.cannotBeClosed === undefined,
    async run(trial) {
      const client = await converse(trial)
      await client.says('that is all')
      expect('the delete', (await client.end()).status, 200)
      await trial.until('it is over at the desk', () =>
        trial.stage.conversations(client.person).every(one => !one.open),
      )
      await trial.quiet(client)
      expect('hand-backs', client.endings(), 0)
      expect('deleted again', (await client.end()).status, 200)
      await agentReads(trial, client, ['that is all'])
    },
  },
  {
    name: 'again',
    promise: 'after an end the same client is registered anew, and gets a conversation of their own',
    canTry: isSimulated,
    async run(trial) {
      const client = await converse(trial)
      await trial.stage.agent.close(client.person)
      await trial.until('it has ended', async () => (await client.session()).state === 'ended')
      await trial.until('registered again', async () => (await client.register()).status === 200)
      await trial.until('a second one is there', () => trial.stage.conversations(client.person).length === 2)
      await trial.stage.agent.take(client.person)
      await client.says('me again')
      await trial.stage.agent.say(client.person, 'welcome back')
      await agentReads(trial, client, ['me again'])
      await clientReads(trial, client, ['welcome back'])
    },
  },
]
