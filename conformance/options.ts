import { parseArgs } from 'node:util'
import type { DeskStage } from '../simulators/stage.ts'
import { stages } from '../simulators/stages.ts'
import { suite } from './suite.ts'

export type Options = {
  type: string
  /** The simulated desk of this type, with an agent at it. */
  startSimulated(): Promise<DeskStage>
  store: 'sqlite' | 'redis'
  /** The name of one case; all of them when absent. */
  only?: string
}

const TYPES = Object.keys(stages)
const CASES = suite.map(({ name }) => name)
const STORES = ['sqlite', 'redis'] as const
const [EMBEDDED] = STORES
/** They fill several lines, which stand below each other in the usage. */
const CASE_LINES = CASES.join(', ').replace(/(.{80}\S*) /g, `$1\n${' '.repeat(16)}`)

export const USAGE = `npm run conformance -- <desk type> [--store sqlite|redis] [--only CASE]
npm run conformance -- --table      the table of the README

Tries everything that is promised of any desk on one of them, with the whole service between a simulated RapidPro and the
desk. Exits with the number of promises that do not hold.

  desk types    ${TYPES.join(', ')}
  --store NAME  where the service keeps its messages (${EMBEDDED}); some promises need two replicas, and so redis
  --only CASE   this one: ${CASE_LINES}
  --table       prints what each desk can do, in Markdown
  --help        prints this

The desk is simulated, unless CONFORMANCE_SETTINGS names a file with the lines of a desk's table of live-agents.toml
(see docs/adding-a-desk.md): then your own desk is tried, and you are asked to be its agent.

Takes about half a minute with a simulated desk. --store redis needs a Redis server (npm run setup).
`

/** `help`, `table`: only these are wanted. Throws, in a line, what it does not understand. */
export function readOptions(args: string[]): Options | 'help' | 'table' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  if (values.table) return 'table'
  const [type, ...more] = positionals
  if (type === undefined) throw new Error('which desk type?')
  if (more.length > 0) throw new Error(`one desk type at a time, not "${positionals.join(' ')}"`)
  const { only } = values
  return {
    type,
    startSimulated: findDesk(type),
    store: choose('--store', values.store ?? EMBEDDED, STORES),
    ...(only !== undefined && { only: choose('--only', only, CASES) }),
  }
}

function parse(args: string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const options = { store: text, only: text, table: flag, help: { ...flag, short: 'h' } } as const
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    // Node goes on about arguments that begin with a dash; none of ours does.
    throw new Error(String(error instanceof Error ? error.message : error).replace(/\. To specify.*/s, ''))
  }
}

function findDesk(type: string): Options['startSimulated'] {
  const start = Object.hasOwn(stages, type) ? stages[type] : undefined
  if (!start) throw new Error(`there is no desk type "${type}"; there are ${TYPES.join(', ')}`)
  return () => start()
}

function choose<Known extends string>(what: string, said: string, known: readonly Known[]): Known {
  const found = known.find(name => name === said)
  if (found === undefined) throw new Error(`${what}: there is no "${said}"; there are ${known.join(', ')}`)
  return found
}
