import { expect, it } from 'vitest'
import type { Session } from '../../src/domain/session.ts'
import { endOf } from '../../src/mediator/ending.ts'

const session = { id: 's1', agent: 'Ana' } as Session
const NOW = 1_767_225_600_000

it('still owes the client what the agent said before a conversation was found gone', () => {
  const { ending } = endOf(session, 'gone', NOW)
  expect(ending?.deskAt).toBeGreaterThan(NOW)
})

it.each(['failed', 'no-agent'] as const)('owes nothing late after %s', reason => {
  expect(endOf(session, reason, NOW)).toEqual({
    ending: { at: NOW, reason },
    handBack: { id: 's1~end', at: NOW, kind: 'end', reason, agent: 'Ana' },
  })
})
