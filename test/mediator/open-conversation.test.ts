import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { Desk } from '../../src/desks/desk.ts'
import { type ErrorCode, MediatorError } from '../../src/domain/errors.ts'
import { openConversation } from '../../src/mediator/open-conversation.ts'

const session = { id: 's', client: { uuid: 'ana' }, department: 'd' } as never
const opening = { desks: ['first', 'second', 'third'], results: {}, promised: false }

/** What each desk says, in order: `open`, or the code it throws. */
async function ask(answers: ('open' | ErrorCode)[]): Promise<{ asked: string[]; outcome: unknown }> {
  const asked: string[] = []
  const desk = (name: string): Partial<Desk> => ({
    async openConversation() {
      const answer = answers[asked.push(name) - 1] ?? 'open'
      if (answer !== 'open') throw new MediatorError(answer, answer)
      return { conversation: { id: 'c', state: null }, state: 'queued' }
    },
    closeConversation: async () => undefined,
  })
  const call = { signal: new AbortController().signal, log: pino({ level: 'silent' }), attempt: 1 }
  const sides = { desk: desk as (name: string) => Desk, bot: () => ({}) as never }
  const outcome = await openConversation(sides, session, opening, call).catch(error => error.code)
  return { asked, outcome: (outcome as { desk?: string }).desk ?? outcome }
}

it.each<[label: string, answers: ('open' | ErrorCode)[], asked: number, outcome: string]>([
  ['takes the first that opens', ['open'], 1, 'first'],
  ['goes on where nobody is there', ['NO_AGENT', 'open'], 2, 'second'],
  ['goes on where a desk is down', ['UNREACHABLE', 'TIMEOUT', 'open'], 3, 'third'],
  ['goes on where the credentials are wrong', ['MISCONFIGURED', 'open'], 2, 'second'],
  [
    'passes over a fallback that does not know the department',
    ['NO_AGENT', 'UNKNOWN_DEPARTMENT', 'open'],
    3,
    'third',
  ],
  ['says that the desk it was meant for does not know it', ['UNKNOWN_DEPARTMENT'], 1, 'UNKNOWN_DEPARTMENT'],
  ['waits for a desk that is only paced', ['THROTTLED'], 1, 'THROTTLED'],
  ['gives the first refusal when all refuse', ['NO_AGENT', 'UNREACHABLE', 'TIMEOUT'], 3, 'NO_AGENT'],
  ['stops at a refusal for good', ['UNREACHABLE', 'REJECTED'], 2, 'UNREACHABLE'],
])('%s', async (_, answers, asked, outcome) => {
  const answer = await ask(answers)
  expect(answer.asked).toHaveLength(asked)
  expect(answer.outcome).toBe(outcome)
})
