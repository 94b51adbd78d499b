import fc from 'fast-check'
import type { Fate } from '../support/fake-sides.ts'

export const CLIENTS = ['ana', 'ben']
export const REPLICAS = 3

const client = fc.constantFrom(...CLIENTS)
const replica = fc.nat(REPLICAS - 1)
const kind = <const K extends string>(name: K) => fc.constant(name)

/** What clients, agents, bots, time and bad luck do. */
export const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: kind('register'), client, replica }) },
  { weight: 8, arbitrary: fc.record({ kind: kind('say'), client, replica }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('repeat'), client, replica }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: kind('agent-says'),
      client,
      replica,
      pieces: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('agent-closes'), client, replica }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('bot-ends'), client, replica }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('crash'), replica, steps: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('sleep'), ms: fc.constantFrom(16_000, 60_000, 600_000) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: kind('pass'), ms: fc.constantFrom(500, 2000, 9000, 20_000) }),
  },
)

export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

/** What becomes of one call of a side after the other; mostly all is well. */
export const anyFates = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>('done') },
    { weight: 5, arbitrary: fc.constantFrom<Fate[]>('down', 'lost', 'throttled') },
    { weight: 1, arbitrary: fc.constantFrom<Fate[]>('refused', 'nobody') },
  ),
  { maxLength: 60 },
)
