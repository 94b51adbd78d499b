import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Options, readOptions, USAGE } from './options.ts'
import { createProgress } from './progress.ts'
import { createRandom } from './random.ts'
import { checkReport, resultLines, writeReport } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { createStageHand, type StageHand } from './stage-hand.ts'
import type { Result } from './verdict.ts'
import { undoAtExit } from './world/leaving.ts'

/** Enough that those who wait for somebody who is away leave others to go on. */
const CONVERSATIONS = { short: 20, long: 100 }
const names = scenarios.map(({ name }) => name)

await main().catch(error => {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
})
// A request to a replica that never answers must not hold us up.
process.exit()

async function main(): Promise<void> {
  const options = understand(process.argv.slice(2))
  if (options === 'help') process.stdout.write(USAGE)
  else if (options === 'list') process.stdout.write(listOfScenarios())
  else if (options) await run(options)
}

function understand(args: string[]): ReturnType<typeof readOptions> | undefined {
  try {
    return readOptions(args, names)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exitCode = 2
    return undefined
  }
}

function listOfScenarios(): string {
  return scenarios.map(({ name, about }) => `${name.padEnd(18)}${about}\n`).join('')
}

/** A plain Error is one of our own and says all there is; of any other the stack is wanted. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' ? error.message : (error.stack ?? error.message)
}

async function run(options: Options): Promise<void> {
  if (options.report) checkReport()
  gatherFiles()
  process.stderr.write(`seed ${options.seeds.join(', ')}\n`)
  const chosen = scenarios.filter(({ name }) => options.only.length === 0 || options.only.includes(name))
  const hand = createStageHand(options.short)
  const results: Result[] = []
  for (const seed of options.seeds) {
    for (const scenario of chosen) {
      const result = await play(scenario, seed, options, hand)
      results.push(result)
      if (!options.json) process.stdout.write(`${resultLines(result, replayOf(result, options))}\n`)
    }
  }
  await hand.strike()
  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
  if (options.report) await writeReport(results, options)
  if (results.some(({ broken }) => broken.length > 0)) process.exitCode = 1
}

async function play(
  scenario: Scenario,
  seed: number,
  { short, messages }: Options,
  hand: StageHand,
): Promise<Result> {
  const progress = createProgress(scenario.name)
  progress.say('starting')
  const conversations = CONVERSATIONS[short ? 'short' : 'long']
  const random = createRandom(seed).fork(scenario.name)
  const { world, written } = await hand.prepare(scenario)
  let result: Result | undefined
  try {
    const how = { short, messages, conversations, firstNumber: written }
    result = await runScenario({ scenario, seed, world, random, progress, ...how })
    return result
  } finally {
    await hand.leave(
      written + (result?.messages ?? 0) + (result?.unacknowledged ?? 0),
      result?.broken.length === 0,
    )
    progress.done()
  }
}

function replayOf({ scenario, seed }: Result, { short, messages }: Options): string {
  return `npm run chaos -- --seed ${seed} --only ${scenario} --messages ${messages}${short ? ' --short' : ''}`
}

/** Everything a run leaves on the disk lies in one folder, which goes with it, but for the logs of broken promises. */
function gatherFiles(): void {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'))
  process.env.TMPDIR = dir
  undoAtExit(() => {
    const logs = process.exitCode === 1 ? logsIn(dir) : []
    if (logs.length > 0) process.stderr.write(`logs are kept:\n${logs.map(log => `  ${log}\n`).join('')}`)
    else rmSync(dir, { recursive: true, force: true })
  })
}

function logsIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.log'))
    .map(name => join(dir, name))
}
