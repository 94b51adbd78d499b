import { always, type Case, converse, expect } from '../case.ts'
import { agentReads, clientReads } from '../reading.ts'

const HARD = ['good morning 😀', 'two\nlines & <b>"quotes"</b> \\ %41', 'ñandú — “so” 👩🏽‍⚕️', '1', '1']

/** What a conversation is made of. */
export const talking: Case[] = [
  {
    name: 'open',
    promise: 'one conversation, however often the client is registered; waiting, then with an agent',
    canTry: always,
    async run(trial) {
      const { stage } = trial
      const client = await trial.handOver()
      expect('the state', (await client.session()).state, 'queued')
      expect('registered again', (await client.register()).status, 200)
      await stage.agent.take(client.person)
      await trial.until('an agent has it', async () => (await client.session()).state === 'assigned')
      expect('the agent', (await client.session()).agent, stage.agent.name)
      expect('registered once more', (await client.register()).status, 200)
      expect('conversations', stage.conversations(client.person).length, 1)
    },
  },
  {
    name: 'send',
    promise: 'text to the agent, to the letter, in order',
    canTry: always,
    async run(trial) {
      const client = await converse(trial)
      for (const text of HARD) expect(`sending ${text}`, (await client.says(text)).status, 200)
      await agentReads(trial, client, HARD)
    },
  },
  {
    name: 'send-before-agent',
    promise: 'what is written while nobody has taken the conversation is there when somebody does',
    canTry: always,
    async run(trial) {
      const client = await trial.handOver()
      expect('sending', [200, 202].includes((await client.says('is anybody there?')).status), true)
      await trial.stage.agent.take(client.person)
      await client.says('hello?')
      await agentReads(trial, client, ['is anybody there?', 'hello?'])
    },
  },
  {
    name: 'receive',
    promise: 'text to the client, to the letter, in order',
    canTry: always,
    async run(trial) {
      const client = await converse(trial)
      for (const text of HARD) await trial.stage.agent.say(client.person, text)
      await clientReads(trial, client, HARD)
    },
  },
  {
    name: 'same-message-twice',
    promise: 'a message the bot sends again is delivered once',
    canTry: always,
    async run(trial) {
      const client = await converse(trial)
      for (const text of ['once', 'once']) await client.says(text, { id: 'the same' })
      await client.says('after')
      await agentReads(trial, client, ['once', 'after'])
    },
  },
  {
    name: 'apart',
    promise: 'everybody reads their own conversation only',
    canTry: always,
    async run(trial) {
      const clients = await Promise.all([1, 2, 3].map(() => converse(trial)))
      await Promise.all(clients.map(client => client.says(`from ${client.person.name}`)))
      for (const { person } of clients) await trial.stage.agent.say(person, `for ${person.name}`)
      for (const client of clients) {
        await agentReads(trial, client, [`from ${client.person.name}`])
        await clientReads(trial, client, [`for ${client.person.name}`])
      }
    },
  },
]
