import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { Tally } from '../../src/domain/tally.ts'
import { tellOfLostDesks } from '../../src/mediator/lost-desks.ts'

const none = { accepted: 9, delivered: 9, dead: 0, 'given-up': 0, moved: 0, waiting: 0 }
const tally = (desk: string, waiting = 0): Tally => ({ ...none, direction: 'to_agent', desk, waiting })

async function told(tallies: Tally[], live: Record<string, string[]> = {}): Promise<object[]> {
  const lines: object[] = []
  const log = pino({}, { write: line => void lines.push(JSON.parse(line)) })
  const store = { tally: async () => tallies, liveSessions: async (desk: string) => live[desk] ?? [] }
  await tellOfLostDesks(store, ['here'], log)
  return lines
}

it('a desk that is missing is told of, with what it leaves behind', async () => {
  const lines = await told([tally('gone', 2), { ...tally('gone', 1), direction: 'to_client' }], {
    gone: ['a', 'b'],
  })
  expect(lines).toEqual([
    expect.objectContaining({ level: 50, desk: 'gone', sessions: 2, waiting: 3, msg: expect.any(String) }),
  ])
})

it('a desk with open conversations for which nothing waits is told of, too', async () => {
  expect(await told([tally('gone')], { gone: ['a'] })).toHaveLength(1)
})

it('a desk that is there, that is done with, or not found yet, is not', async () => {
  const live = { here: ['a'] }
  expect(await told([tally('here', 3), tally('done'), tally('', 2)], live)).toEqual([])
})
