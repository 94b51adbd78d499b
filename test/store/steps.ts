import fc from 'fast-check'
import type { Direction, Entry } from '../../src/domain/mailbox.ts'
import type { Outcome, Work } from '../../src/store/store.ts'
import { handBack, notice, opened, removed, retry, say } from './fixtures.ts'

export const CLIENTS = ['ana', 'ben', 'eve']
/** Fewer than clients, so that they get into each other's way. */
export const CONVERSATIONS = ['room', 'hall']
const HOW = ['removed', 'opened', 'expanded', 'retry', 'again', 'tell', 'dead', 'gone', 'abandoned'] as const
type How = (typeof HOW)[number]

const client = fc.constantFrom(...CLIENTS)
const direction = fc.constantFrom<Direction[]>('to_agent', 'to_client')
const how = fc.constantFrom(...HOW)
const conversation = fc.constantFrom(...CONVERSATIONS)
const ms = fc.constantFrom(1, 1000, 20_000, 31_000)
/** Mostly one of the last there were, sometimes one of long ago. */
const which = fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, fc.nat(30))
/** The answer is lost on its way, and the call is made again. */
const lost = fc.boolean()
/** Of the lease a letter was read under; 0 for none. */
const fence = fc.constantFrom(0, 0, 0, 1, 2, 3)
const kind = <const K extends string>(name: K) => fc.constant(name)

export const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: kind('register'), client, lost }) },
  { weight: 8, arbitrary: fc.record({ kind: kind('say'), client, direction, id: fc.nat(9), fence, lost }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('end'), client, lost }) },
  { weight: 10, arbitrary: fc.record({ kind: kind('settle'), which, how, conversation, lost }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('claim'), which, lost }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('renew'), which, lost }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('replay'), which, lost }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('wait'), ms, lost: fc.constant(false) }) },
)

export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never
export type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>

/** What the worker says of its head: `how` where that suits the head, else something near. */
export function outcomeOf(
  { head }: Work,
  { how, conversation }: StepOf<'settle'>,
  serial: number,
  now: number,
): Outcome {
  const isOpening = head.kind === 'open'
  if (how === 'opened' && isOpening) return opened(conversation)
  if (how === 'abandoned' && isOpening) return { kind: 'abandoned' }
  if (how === 'expanded' && !isOpening && !head.id.includes('.'))
    return { kind: 'expanded', into: partsOf(head) }
  if (isOpening && how !== 'gone') return retry(now + 1000, { counts: how === 'retry' })
  return outcomeOfAny(how, serial, now)
}

function outcomeOfAny(how: How, serial: number, now: number): Outcome {
  const tell = notice(`notice${serial}`)
  const ending = { at: now, reason: 'gone' } as const
  switch (how) {
    case 'retry':
      return retry(now + 2000)
    case 'again':
      return retry(now, { counts: false })
    case 'tell':
      return retry(now + 5000, { tell })
    case 'dead':
      return { kind: 'removed', dead: 'refused', tell }
    case 'gone':
      return { kind: 'removed', dead: 'gone', tell, ending, handBack: handBack(`end${serial}`) }
    default:
      return removed
  }
}

function partsOf({ id }: Entry): Entry[] {
  return [say(`${id}.1`), say(`${id}.2`), say(`${id}.3`)]
}
