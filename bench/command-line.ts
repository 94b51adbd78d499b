import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** An option. `takes`: what follows its name in the usage, '' for a flag. */
type Option<Value> = {
  takes: string
  about: string
  /** Gets what was said each time it was given. Throws what it takes. */
  read(said: string[]): Value
}

type Options = Record<string, Option<unknown>>

/** What a script can be asked for. `takes`: how long it runs with the options as they are, and what it needs. */
export type Command<Asked extends Options> = {
  call: string
  about: string
  takes: string
  options: Asked
}

type Values<Asked extends Options> = { [name in keyof Asked]: ReturnType<Asked[name]['read']> }

const HELP = { takes: '', about: 'prints this' }

/** Ends the process with 0 when only help is wanted, and with 2 when the command line is not understood. */
export function readCommandLine<Asked extends Options>(command: Command<Asked>): Values<Asked> {
  try {
    const values = understand(command, process.argv.slice(2))
    if (values !== 'help') return values
    process.stdout.write(usageOf(command))
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usageOf(command)}`)
    process.exit(2)
  }
}

/** Throws, in a line, what it does not understand. */
export function understand<Asked extends Options>(
  { options }: Command<Asked>,
  args: string[],
): Values<Asked> | 'help' {
  const said = parse(options, args)
  if (said.help) return 'help'
  const entries = Object.entries(options).map(([name, { read }]) => [name, readOne(name, read, said[name])])
  return Object.fromEntries(entries) as Values<Asked>
}

function parse(options: Options, args: string[]): Record<string, string[] | undefined> {
  const config: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h', multiple: true } }
  for (const [name, { takes }] of Object.entries(options))
    config[name] = { type: takes ? 'string' : 'boolean', multiple: true }
  const said = Object.entries(parseArgs({ args, options: config }).values)
  return Object.fromEntries(said.map(([name, values]) => [name, [values].flat().map(String)]))
}

function readOne(name: string, read: (said: string[]) => unknown, said: string[] = []): unknown {
  try {
    return read(said)
  } catch (error) {
    throw new Error(`--${name} ${error instanceof Error ? error.message : error}`)
  }
}

/** The whole of what `--help` prints. */
export function usageOf({ call, about, takes, options }: Command<Options>): string {
  const all = Object.entries({ ...options, help: HELP })
  const signs = all.map(([name, option]) => `--${name} ${option.takes}`.trim())
  const width = Math.max(...signs.map(sign => sign.length))
  const lines = all.map((option, i) => `  ${signs[i]?.padEnd(width)}  ${option[1].about}`)
  const first = [call, ...signs.slice(0, -1).map(sign => `[${sign}]`)].join(' ')
  return `${[first, '', about, '', ...lines, '', takes].join('\n')}\n`
}

/** Above 0, and not always a whole one. */
export function number(otherwise: number, about: string): Option<number> {
  const read = (said: string[]): number => toNumber(said.at(-1) ?? String(otherwise))
  return { takes: 'N', about: `${about} (${otherwise})`, read }
}

export function count(otherwise: number, about: string): Option<number> {
  const read = (said: string[]): number => toCount(said.at(-1) ?? String(otherwise))
  return { takes: 'N', about: `${about} (${otherwise})`, read }
}

/** Several, with commas between them. */
export function counts(otherwise: number[], about: string): Option<number[]> {
  const read = (said: string[]): number[] => (said.at(-1) ?? String(otherwise)).split(',').map(toCount)
  return { takes: 'N,…', about: `${about} (${otherwise})`, read }
}

function toNumber(said: string): number {
  const value = Number(said)
  if (!Number.isFinite(value) || value <= 0) throw new Error(`takes a number above 0, not "${said}"`)
  return value
}

function toCount(said: string): number {
  const value = Number(said)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`takes a whole number from 1, not "${said}"`)
  return value
}

export function flag(about: string): Option<boolean> {
  return { takes: '', about, read: said => said.length > 0 }
}

/** Any of these names, each with the option before it; all of them when none is given. */
export function names(known: string[], about: string): Option<string[]> {
  const read = (said: string[]): string[] => {
    const unknown = said.find(name => !known.includes(name))
    if (unknown !== undefined) throw new Error(`takes ${known.join(' | ')}, not "${unknown}"`)
    return said.length > 0 ? said : known
  }
  return { takes: 'NAME', about, read }
}
