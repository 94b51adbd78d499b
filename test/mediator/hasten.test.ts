import { pino } from 'pino'
import { expect, it } from 'vitest'
import { MediatorError } from '../../src/domain/errors.ts'
import { createHasten } from '../../src/mediator/hasten.ts'

const log = pino({ level: 'silent' })

function prepare(outcome: () => Promise<void> = async () => undefined) {
  const asked: unknown[][] = []
  let now = 0
  const store = {
    hasten: async (...what: unknown[]) => {
      asked.push(what)
      await outcome()
    },
  }
  const hasten = createHasten({ store, clock: { now: () => now }, log, bot: 'rapidpro' })
  return { asked, hasten, pass: (ms: number) => (now += ms) }
}

it('hastens what waits for the desk, or for all clients of the bot', () => {
  const { asked, hasten } = prepare()
  hasten('rocketchat')
  hasten('rapidpro')
  expect(asked).toEqual([
    ['to_agent', 'rocketchat', 0],
    ['to_client', undefined, 0],
  ])
})

it('does so seldom for one that comes and goes', () => {
  const { asked, hasten, pass } = prepare()
  hasten('desk')
  pass(29_999)
  hasten('desk')
  pass(1)
  hasten('desk')
  expect(asked).toHaveLength(2)
})

it('does so at the next coming where the store was away', async () => {
  const { asked, hasten } = prepare(async () => {
    throw new MediatorError('STORE_UNAVAILABLE', 'away')
  })
  hasten('desk')
  await new Promise(resolve => setImmediate(resolve))
  hasten('desk')
  expect(asked).toHaveLength(2)
})
