import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Options, readOptions } from './options.ts'
import { createProgress } from './progress.ts'
import { createRandom } from './random.ts'
import { resultLines, writeReport } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { createStageHand, type StageHand } from './stage-hand.ts'
import type { Result } from './verdict.ts'
import { undoAtExit } from './world/leaving.ts'

const CONVERSATIONS = { short: 20, long: 50 }
const names = scenarios.map(({ name }) => name)

try {
  const options = readOptions(process.argv.slice(2), names)
  if (options === 'list')
    for (const { name, about } of scenarios) process.stdout.write(`${name.padEnd(18)}${about}\n`)
  else await run(options)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`)
  process.exitCode = 1
}
// A request to a replica that never answers must not hold us up.
process.exit()

async function run(options: Options): Promise<void> {
  gatherFiles()
  process.stderr.write(`seed ${options.seed}\n`)
  const chosen = scenarios.filter(({ name }) => options.only.length === 0 || options.only.includes(name))
  const hand = createStageHand(options.short)
  const results: Result[] = []
  for (const scenario of chosen) {
    const result = await play(scenario, options, hand)
    results.push(result)
    if (!options.json) process.stdout.write(`${resultLines(result, replayOf(scenario, options))}\n`)
  }
  await hand.strike()
  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
  if (options.report) await writeReport(results, options)
  if (results.some(({ broken }) => broken.length > 0)) process.exitCode = 1
}

async function play(scenario: Scenario, options: Options, hand: StageHand): Promise<Result> {
  const { short, messages } = options
  const progress = createProgress(scenario.name)
  progress.say('starting')
  const conversations = CONVERSATIONS[short ? 'short' : 'long']
  const random = createRandom(options.seed).fork(scenario.name)
  const { world, written } = await hand.prepare(scenario)
  let result: Result | undefined
  try {
    const how = { short, messages, conversations, firstNumber: written }
    result = await runScenario({ scenario, world, random, progress, ...how })
    return result
  } finally {
    await hand.leave(
      written + (result?.messages ?? 0) + (result?.unacknowledged ?? 0),
      result?.broken.length === 0,
    )
    progress.done()
  }
}

function replayOf({ name }: Scenario, { seed, short, messages }: Options): string {
  return `npm run chaos -- --seed ${seed} --only ${name} --messages ${messages}${short ? ' --short' : ''}`
}

/** Everything a run leaves on the disk lies in one folder, which goes with it, but for the logs of broken promises. */
function gatherFiles(): void {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'))
  process.env.TMPDIR = dir
  undoAtExit(() => {
    const isBroken = process.exitCode === 1 && readdirSync(dir).length > 0
    if (isBroken) process.stderr.write(`logs are kept in ${dir}\n`)
    else rmSync(dir, { recursive: true, force: true })
  })
}
