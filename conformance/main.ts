import { startRedis } from '../test/support/redis-server.ts'
import type { Case } from './case.ts'
import { exceptions } from './exceptions.ts'
import { readLiveSettings, startLiveStage } from './live-stage.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { suite } from './suite.ts'
import { capabilityTable } from './table.ts'
import { startTrial, type Trial, type TrialOptions } from './trial.ts'

const NOT_UNDERSTOOD = 2

async function main(): Promise<number> {
  const options = understand(process.argv.slice(2))
  if (!options) return NOT_UNDERSTOOD
  if (options !== 'help' && options !== 'table') return run(options)
  process.stdout.write(options === 'help' ? USAGE : `${capabilityTable()}\n`)
  return 0
}

function understand(args: string[]): ReturnType<typeof readOptions> | undefined {
  try {
    return readOptions(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    return undefined
  }
}

async function run({ type, startSimulated, store, only }: Options): Promise<number> {
  const live = readLiveSettings(process.env)
  const redis = store === 'redis' ? await startRedis() : undefined
  const options: TrialOptions = {
    startStage: live ? async () => startLiveStage(type, live) : startSimulated,
    ...(live && { port: live.port, patienceMs: 120_000 }),
    ...(redis && { redisUrl: redis.url }),
  }
  const trial = await startTrial(options)
  try {
    return await runAll(trial, type, redis !== undefined, only)
  } finally {
    await trial.stop()
    await redis?.stop()
  }
}

/** The exit code: how many did not hold, 100 at most. */
async function runAll(trial: Trial, type: string, isShared: boolean, only?: string): Promise<number> {
  let failed = 0
  for (const one of suite.filter(({ name }) => only === undefined || name === only)) {
    const reason = whyNot(trial, type, isShared, one)
    const failure = reason ? undefined : await attempt(trial, type, one)
    trial.stage.faults.clear()
    if (failure) failed += 1
    if (failure && trial.stage.askAgent && one.name === 'open') throw failure
    const mark = reason ? '–' : failure ? '✗' : '✓'
    process.stdout.write(`${mark} ${one.name.padEnd(24)} ${reason ?? failure?.message ?? one.promise}\n`)
  }
  process.stdout.write(failed === 0 ? 'all hold\n' : `${failed} do not hold\n`)
  return Math.min(failed, 100)
}

async function attempt(trial: Trial, type: string, one: Case): Promise<Error | undefined> {
  if (!one.canTry(trial.stage))
    return new Error(`it cannot be tried, and conformance/exceptions.ts has no reason for ${type}`)
  return one.run(trial).then(
    () => undefined,
    (error: Error) => error,
  )
}

function whyNot(trial: Trial, type: string, isShared: boolean, one: Case): string | undefined {
  const exception = exceptions[type]?.[one.name]
  if (exception !== undefined) return `not tried: ${exception}`
  if (one.replicas && !isShared) return 'not tried: needs --store redis'
  const isOutOfSight = trial.stage.askAgent !== undefined && !one.canTry(trial.stage)
  return isOutOfSight ? 'not tried: nobody can look into this desk, or make it fail' : undefined
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  },
)
