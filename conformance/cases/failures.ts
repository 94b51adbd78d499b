import type { Fault } from '../../simulators/lib/fault-set.ts'
import type { DeskStage } from '../../simulators/stage.ts'
import { type Case, converse, expect, isSimulated } from '../case.ts'
import { agentReads } from '../reading.ts'
import type { Client, Trial } from '../trial.ts'

const sendsOverHttp = ({ routes }: DeskStage): boolean => routes.send !== undefined

/** The fault strikes the first of three messages; all arrive, each at its place. */
async function arriveAllTheSame(trial: Trial, kind: Fault['kind']): Promise<Client> {
  const { faults, routes } = trial.stage
  const client = await converse(trial)
  const fault = { kind, resetMs: 500, route: routes.send, method: 'POST', times: 1 } as Fault
  faults.add(kind === 'too-many-requests' ? fault : without(fault, 'resetMs'))
  const answers = []
  for (const text of ['one', 'two', 'three']) answers.push((await client.says(text)).status)
  expect(
    'all were taken',
    answers.every(status => status === 200 || status === 202),
    true,
  )
  return client
}

function without<T extends object>(whole: T, key: string): T {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as T
}

const passing: [kind: Fault['kind'], promise: string][] = [
  ['server-error', 'a 500 in plain text'],
  ['bad-gateway', 'a 502 page of a proxy'],
  ['too-many-requests', 'a 429'],
  ['reset-before', 'a connection cut before the desk heard anything'],
]

export const failures: Case[] = [
  ...passing.map(
    ([kind, what]): Case => ({
      name: `send-${kind}`,
      promise: `${what}: kept, sent again, in order, once`,
      canTry: sendsOverHttp,
      async run(trial) {
        const client = await arriveAllTheSame(trial, kind)
        await agentReads(trial, client, ['one', 'two', 'three'])
      },
    }),
  ),
  {
    name: 'send-answer-lost',
    promise: 'the desk has it but its answer is lost: sent again; shown once where the desk knows our id',
    canTry: sendsOverHttp,
    async run(trial) {
      const client = await arriveAllTheSame(trial, 'reset-after')
      const { stage } = trial
      const texts = () => stage.shown(client.person).map(({ text }) => text)
      await trial.until('all three are there', () => texts().includes('three'))
      const doubled = ['one', 'one', 'two', 'three']
      const expected = stage.traps.knowsOurIds ? ['one', 'two', 'three'] : doubled
      expect('the agent reads', texts(), expected)
    },
  },
  {
    name: 'open-answer-lost',
    promise: 'the desk has opened it but its answer is lost: in the end there is one open conversation',
    canTry: stage => isSimulated(stage) && stage.traps.doublesOpenings === undefined,
    async run(trial) {
      const { faults, routes } = trial.stage
      const client = trial.newClient()
      faults.add({ kind: 'reset-after', route: routes.open, method: 'POST', times: 1 })
      await trial.until('registered', async () => (await client.register()).status === 200)
      const open = () => trial.stage.conversations(client.person).filter(one => one.open).length
      await trial.until('one conversation is open', () => open() === 1)
    },
  },
  {
    name: 'open-desk-down',
    promise: 'a desk that is down: the registration is refused with 503 and nothing of it is kept',
    canTry: isSimulated,
    async run(trial) {
      const { faults, routes } = trial.stage
      const client = trial.newClient()
      const fault = faults.add({ kind: 'server-error', route: routes.open })
      const refused = await client.register()
      faults.remove(fault)
      expect('the refusal', [refused.status, refused.body.status], [503, 'unavailable'])
      expect('the session', await client.session(), undefined)
      await trial.until('registered now', async () => (await client.register()).status === 200)
    },
  },
  {
    name: 'open-no-agent',
    promise: 'nobody is there: the registration is refused with 409 no-agent',
    canTry: ({ traps }) => traps.setAgentOnline !== undefined,
    async run(trial) {
      const client = trial.newClient()
      trial.stage.traps.setAgentOnline?.(false)
      const refused = await client.register()
      trial.stage.traps.setAgentOnline?.(true)
      expect('the refusal', [refused.status, refused.body.status], [409, 'no-agent'])
      await trial.until('registered now', async () => (await client.register()).status === 200)
    },
  },
  {
    name: 'gone',
    promise: 'a conversation the desk has lost: whoever writes is told, and handed back once',
    canTry: ({ traps }) => traps.forget !== undefined,
    async run(trial) {
      const client = await converse(trial)
      await client.says('before')
      await trial.stage.traps.forget?.(client.person)
      await client.says('anybody?')
      await trial.until('it has ended', async () => (await client.session()).state === 'ended')
      await trial.quiet(client)
      await trial.until('handed back', () => client.endings() > 0)
      expect('hand-backs', client.endings(), 1)
    },
  },
]
