import { always, type Case, converse, expect } from '../case.ts'
import { agentReads, clientReads } from '../reading.ts'

const WORDS = ['canary of the client', 'canary of the agent']

export const discretion: Case[] = [
  {
    name: 'discretion',
    promise: 'no log line, down to the least important, holds a secret, a name or anyone’s words',
    canTry: always,
    async run(trial) {
      const client = await converse(trial)
      const [said, answered] = WORDS as [string, string]
      await client.says(said)
      await trial.stage.agent.say(client.person, answered)
      await agentReads(trial, client, [said])
      await clientReads(trial, client, [answered])
      await trial.stage.agent.close(client.person)
      await trial.until('it has ended', async () => (await client.session()).state === 'ended')
      const kept = [...trial.stage.secrets, ...trial.words]
      const log = trial.logged()
      const seen = kept.filter(secret => log.includes(JSON.stringify(secret).slice(1, -1)))
      expect('seen in the log', seen.length, 0)
    },
  },
]
