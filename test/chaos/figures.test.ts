import { describe, expect, it } from 'vitest'
import { breaches, readBalances } from '../../chaos/judge/law.ts'
import { percentile } from '../../chaos/judge/percentile.ts'
import { readOptions } from '../../chaos/options.ts'
import { createRandom, type Random } from '../../chaos/random.ts'

describe('percentile', () => {
  const HUNDRED = Array.from({ length: 100 }, (_, i) => 100 - i)
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('%d of 1…100 is %d', (share, value) => expect(percentile(HUNDRED, share)).toBe(value))
  it('of one value is that, and of none nothing', () => {
    expect(percentile([7], 0.99)).toBe(7)
    expect(percentile([], 0.5)).toBeNaN()
  })
  it('sorts by size, not as text', () => expect(percentile([9, 10, 100], 0.5)).toBe(10))
})

describe('chance', () => {
  const draw = (random: Random): number[] => Array.from({ length: 5 }, () => random.between(1, 1_000))
  it('is the same for the same seed, and another for another', () => {
    expect(draw(createRandom(7))).toEqual(draw(createRandom(7)))
    expect(draw(createRandom(7))).not.toEqual(draw(createRandom(8)))
  })
  it('forks without being drawn from', () => {
    const random = createRandom(7)
    const forked = draw(random.fork('load'))
    expect(draw(random)).toEqual(draw(createRandom(7)))
    expect(draw(random.fork('load'))).toEqual(forked)
    expect(draw(random.fork('law'))).not.toEqual(forked)
  })
  it('keeps within both ends', () => {
    const drawn = Array.from({ length: 200 }, (_, seed) => createRandom(seed).between(1, 3))
    expect(new Set(drawn)).toEqual(new Set([1, 2, 3]))
  })
})

describe('the law of conservation', () => {
  const page = (delivered: number, waiting = 1) => `# HELP mediator_entries_total x
mediator_entries_total{direction="to_agent",desk="rocketchat",became="accepted"} 9
mediator_entries_total{direction="to_agent",desk="rocketchat",became="delivered"} ${delivered}
mediator_entries_total{direction="to_agent",desk="rocketchat",became="dead"} 2
mediator_entries_total{direction="to_agent",desk="rocketchat",became="given-up"} 1
mediator_entries_total{direction="to_agent",desk="",became="accepted"} 3
mediator_entries_total{direction="to_agent",desk="",became="moved"} 3
mediator_waiting{direction="to_agent",desk="rocketchat"} ${waiting}
mediator_waiting{direction="to_agent",desk=""} 0
`
  it('holds where everything is accounted for', () => expect(breaches(readBalances(page(5)))).toEqual([]))
  it('is broken by one too few, and by one too many', () => {
    expect(breaches(readBalances(page(4)))).toHaveLength(1)
    expect(breaches(readBalances(page(5, 2)))).toEqual([
      'to_agent "rocketchat": 9 accepted, but 5 delivered + 2 dead + 1 given-up + 0 moved + 2 waiting = 10',
    ])
  })
  it('says nothing of metrics that are not there', () => {
    expect(readBalances('mediator_waiting{direction="to_agent"} 3\n')).toEqual([])
  })
})

describe('the options', () => {
  const names = ['calm', 'kill']
  const sameSeeds = (seeds: number[]): boolean => seeds.toSorted().join() === '1,2'
  it('have defaults for both forms', () => {
    expect(readOptions([], names)).toMatchObject({ only: [], messages: 10_000, short: false })
    expect(readOptions(['--short'], names)).toMatchObject({ messages: 300, short: true })
  })
  it('are taken as they are written', () => {
    const args = ['--seed', '5', '--only', 'kill,calm', '--messages', '40', '--report']
    const read = { seeds: [5], only: ['kill', 'calm'], messages: 40, report: true }
    expect(readOptions(args, names)).toMatchObject(read)
  })
  it.each([
    ['--seeds', '1,2'],
    ['--seed', '1', '--seed', '2'],
    ['--seed', '1', '--seeds', '2,1'],
  ])('know several seeds: %j', (...args) => {
    expect(readOptions(args, names)).toMatchObject({ seeds: expect.toSatisfy(sameSeeds) })
  })
  it.each([
    [['--only', 'nothing'], 'no scenario nothing; there are calm, kill'],
    [['--seed', 'x'], '--seed takes a whole number'],
    [['--seeds', '1,'], '--seed takes a whole number'],
    [['--messages', '0'], '--messages takes a whole number'],
    [['--what'], "Unknown option '--what'"],
  ])('%j is refused', (args, why) => expect(() => readOptions(args, names)).toThrow(why))
  it('are told by --help, whatever else is there', () => {
    expect(readOptions(['--help', '--seed', 'x'], names)).toBe('help')
    expect(readOptions(['-h'], names)).toBe('help')
  })
})
