import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { DeskChoice } from './desk-choice.ts'

const DEFAULT_DESK = 'rocketchat'

const usage = (desks: string[]) => `npm run demo -- [--desk NAME] [--once | --no-play] [--fast]
  --desk      where the agent works: ${desks.join(', ')} (default ${DEFAULT_DESK})
  --once      ends after the play, with 0 when everything went as it should
  --no-play   starts everything and leaves the rest to you
  --fast      leaves out the pauses for reading
  --help      prints this`

const NEEDED = [22, 20] as const

/** 128 and the number of SIGINT: a play that was broken off has shown nothing. */
const BROKEN_OFF = 130

type Options = { desk: DeskChoice; once: boolean; fast: boolean; noPlay: boolean }

async function main(): Promise<number> {
  demandNode(process.versions.node)
  const options = await readOptions()
  if (!options) return 0
  const stopping = stopOnSignals()
  try {
    await run(options, stopping.signal)
    return 0
  } catch (error) {
    if (!stopping.signal.aborted) throw error
    return options.once ? BROKEN_OFF : 0
  }
}

/** Undefined where only the usage is wanted. With what is imported here and below: an old Node fails at the imports. */
async function readOptions(): Promise<Options | undefined> {
  const { chooseDesk, deskNames } = await import('./desk-choice.ts')
  const yesOrNo = { type: 'boolean', default: false } as const
  const desk = { type: 'string', default: DEFAULT_DESK } as const
  try {
    const flags = { once: yesOrNo, fast: yesOrNo, 'no-play': yesOrNo, help: yesOrNo }
    const { values } = parseArgs({ options: { desk, ...flags } })
    const { once, fast, 'no-play': noPlay, help } = values
    if (help) return void process.stdout.write(`${usage(deskNames)}\n`)
    return { desk: chooseDesk(values.desk), once, fast, noPlay }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage(deskNames)}`)
  }
}

function demandNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return
  throw new Error(`Node ${version} is too old: ${NEEDED.join('.')} or newer is needed`)
}

/** Ctrl-C, an ended terminal, or a reader of the output that has gone. */
function stopOnSignals(): AbortController {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  process.stdout.on('error', () => stopping.abort())
  return stopping
}

async function run({ desk, once, fast, noPlay }: Options, signal: AbortSignal): Promise<void> {
  const { createScreen } = await import('./screen.ts')
  const { play } = await import('./play.ts')
  const screen = createScreen(process.stdout)
  const isPaced = !fast && process.stdout.isTTY === true
  const pause = async (ms: number) => void (isPaced && (await wait(ms, undefined, { signal })))
  await play({ desk, screen, signal, pause, once, noPlay })
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`\nThe demo ended: ${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  },
)
