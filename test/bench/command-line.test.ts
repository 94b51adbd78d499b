import { describe, expect, it } from 'vitest'
import { count, counts, flag, names, number, understand, usageOf } from '../../bench/command-line.ts'
import { median, summarize } from '../../bench/compare.ts'

const command = {
  call: 'npx node bench/some.ts',
  about: 'What it measures.',
  takes: 'Takes a minute.',
  options: {
    seconds: number(4, 'of load'),
    rounds: count(5, 'rounds of it'),
    replicas: counts([2, 4], 'how many'),
    only: names(['redis', 'redis, AOF always'], 'on these'),
    embedded: flag('without Redis'),
  },
}

describe('the command line of a bench', () => {
  it('is what the options say when nothing is said', () => {
    const all = ['redis', 'redis, AOF always']
    expect(understand(command, [])).toEqual({
      seconds: 4,
      rounds: 5,
      replicas: [2, 4],
      only: all,
      embedded: false,
    })
  })

  it.each([
    [['--rounds', '2'], { rounds: 2 }],
    [['--seconds=0.5'], { seconds: 0.5 }],
    [['--rounds', '2', '--rounds', '3'], { rounds: 3 }],
    [['--replicas', '8,16'], { replicas: [8, 16] }],
    [['--only', 'redis, AOF always'], { only: ['redis, AOF always'] }],
    [['--embedded'], { embedded: true }],
  ])('%j is understood', (args, read) => expect(understand(command, args)).toMatchObject(read))

  it.each([
    [['--round', '2'], "Unknown option '--round'"],
    [['more'], "Unexpected argument 'more'"],
    [['--seconds', 'x'], '--seconds takes a number above 0, not "x"'],
    [['--seconds', '0'], '--seconds takes a number above 0, not "0"'],
    [['--rounds', '0.5'], '--rounds takes a whole number from 1, not "0.5"'],
    [['--rounds', '0'], '--rounds takes a whole number from 1, not "0"'],
    [['--replicas', '2,,4'], '--replicas takes a whole number from 1, not ""'],
    [['--only', 'rediss'], '--only takes redis | redis, AOF always, not "rediss"'],
  ])('%j is refused', (args, why) => expect(() => understand(command, args)).toThrow(why))

  it('is a question for help, whatever else is said', () => {
    expect(understand(command, ['--rounds', 'x', '--help'])).toBe('help')
    expect(understand(command, ['-h'])).toBe('help')
  })

  it('is explained', () => {
    expect(
      usageOf(command),
    ).toBe(`npx node bench/some.ts [--seconds N] [--rounds N] [--replicas N,…] [--only NAME] [--embedded]

What it measures.

  --seconds N     of load (4)
  --rounds N      rounds of it (5)
  --replicas N,…  how many (2,4)
  --only NAME     on these
  --embedded      without Redis
  --help          prints this

Takes a minute.
`)
  })
})

describe('what several rounds come to', () => {
  it('is the middle one, and the middle of the ratios within a round', () => {
    const { pick, ratio } = summarize(
      [{ ms: 10 }, { ms: 90 }, { ms: 30 }],
      [{ ms: 10 }, { ms: 30 }, { ms: 15 }],
    )
    expect([pick('ms'), ratio('ms'), median([])]).toEqual([30, 2, Number.NaN])
  })
})
