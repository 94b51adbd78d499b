import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export type Options = {
  /** Every scenario is played once with each. */
  seeds: number[]
  /** Names of scenarios; empty for all. */
  only: string[]
  /** To be acknowledged in each direction of each scenario. */
  messages: number
  short: boolean
  /** Rewrites the table in README.md. */
  report: boolean
  /** Prints the results as JSON on the standard output, and nothing else there. */
  json: boolean
}

export const USAGE = `npm run chaos -- [--seed N] [--only NAME,…] [--messages N] [--short] [--report] [--json]
npm run chaos -- --list      the scenarios

  --seed N       what is left to chance is the same for the same seed; --seeds 1,2 plays everything with each
  --only NAME,…  these scenarios
  --messages N   so many in each direction of each scenario (10000, in the short form 300)
  --short        a few seconds each, as the tests run it
  --report       writes the table into README.md, once all is played
  --json         prints the results as JSON
  --help         prints this
`
const LONG_MESSAGES = '10000'
const SHORT_MESSAGES = '300'

/** `help`, `list`: only the usage, or the names, are wanted. Throws what is wrong, in a line, on what it does not understand. */
export function readOptions(args: string[], names: string[]): Options | 'help' | 'list' {
  const values = parse(args)
  if (values.help) return 'help'
  if (values.list) return 'list'
  const only = values.only?.split(',').filter(Boolean) ?? []
  const unknown = only.filter(name => !names.includes(name))
  if (unknown.length > 0) throw new Error(`no scenario ${unknown.join(', ')}; there are ${names.join(', ')}`)
  const seeds = [...(values.seed ?? []), ...(values.seeds?.split(',') ?? [])]
  return {
    seeds:
      seeds.length > 0
        ? [...new Set(seeds.map(said => wholeNumber('seed', said)))]
        : [randomInt(1, 1_000_000)],
    only,
    messages: wholeNumber('messages', values.messages ?? (values.short ? SHORT_MESSAGES : LONG_MESSAGES)),
    short: values.short,
    report: values.report,
    json: values.json,
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = {
    seed: { ...text, multiple: true },
    seeds: text,
    only: text,
    messages: text,
    short: flag,
    report: flag,
    json: flag,
    list: flag,
    help: { ...flag, short: 'h' },
  } as const
  return parseArgs({ args, options }).values
}

function wholeNumber(name: string, said: string): number {
  const number = Number(said)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1`)
  return number
}
