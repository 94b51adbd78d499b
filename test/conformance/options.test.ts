import { describe, expect, it } from 'vitest'
import { readOptions, USAGE } from '../../conformance/options.ts'
import { suite } from '../../conformance/suite.ts'
import { stages } from '../../simulators/stages.ts'

describe('the command line of the conformance suite', () => {
  it.each([
    [['yellow'], { type: 'yellow', store: 'sqlite' }],
    [['--store', 'redis', 'yellow'], { type: 'yellow', store: 'redis' }],
    [['yellow', '--only', 'close'], { type: 'yellow', only: 'close' }],
  ])('%j is understood', (args, read) => expect(readOptions(args)).toMatchObject(read))

  it.each([
    [[], 'which desk type?'],
    [['nowhere'], 'there is no desk type "nowhere"; there are rocketchat, '],
    [['constructor'], 'there is no desk type "constructor"'],
    [['yellow', 'aivo'], 'one desk type at a time, not "yellow aivo"'],
    [['yellow', '--store', 'disk'], '--store: there is no "disk"; there are sqlite, redis'],
    [['yellow', '--only', 'nothing'], '--only: there is no "nothing"; there are open, '],
    [['yellow', '--quick'], /^Unknown option '--quick'$/],
  ])('%j is refused', (args, why) => expect(() => readOptions(args)).toThrow(why))

  it('may be a question', () => {
    expect(readOptions(['--help', '--store', 'disk'])).toBe('help')
    expect(readOptions(['--table'])).toBe('table')
  })

  it('names every desk type and every case in its help', () => {
    const words = USAGE.split(/[\s,]+/)
    expect(words).toEqual(expect.arrayContaining(Object.keys(stages)))
    expect(words).toEqual(expect.arrayContaining(suite.map(({ name }) => name)))
  })
})
