import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export type Options = {
  seed: number
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

const USAGE =
  'npm run chaos -- [--seed N] [--only NAME,…] [--messages N] [--short] [--report] [--json] [--list]'
const LONG_MESSAGES = 10_000
const SHORT_MESSAGES = 300

/** Throws with the usage on what it does not understand. `list`: only the names are wanted. */
export function readOptions(args: string[], names: string[]): Options | 'list' {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = {
    seed: text,
    only: text,
    messages: text,
    short: flag,
    report: flag,
    json: flag,
    list: flag,
  }
  try {
    const { values } = parseArgs({ args, options })
    if (values.list) return 'list'
    const only = values.only?.split(',').filter(Boolean) ?? []
    const unknown = only.filter(name => !names.includes(name))
    if (unknown.length > 0)
      throw new Error(`no scenario ${unknown.join(', ')}; there are ${names.join(', ')}`)
    return {
      seed: wholeNumber('seed', values.seed) ?? randomInt(1, 1_000_000),
      only,
      messages: wholeNumber('messages', values.messages) ?? (values.short ? SHORT_MESSAGES : LONG_MESSAGES),
      short: values.short,
      report: values.report,
      json: values.json,
    }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

function wholeNumber(name: string, said: string | undefined): number | undefined {
  if (said === undefined) return undefined
  const number = Number(said)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1`)
  return number
}
