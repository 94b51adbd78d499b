import { parseArgs } from 'node:util'
import { stages } from '../simulators/stages.ts'
import { startRedis } from '../test/support/redis-server.ts'
import type { Case } from './case.ts'
import { exceptions } from './exceptions.ts'
import { readLiveSettings, startLiveStage } from './live-stage.ts'
import { suite } from './suite.ts'
import { capabilityTable } from './table.ts'
import { startTrial, type Trial, type TrialOptions } from './trial.ts'

const USAGE = `npm run conformance -- <desk type> [--store sqlite|redis] [--only <case>]
npm run conformance -- --table      the table of the README

  desk types: ${Object.keys(stages).join(', ')}

The desk is simulated, unless CONFORMANCE_SETTINGS names a file with the lines of a desk's table of live-agents.toml
(see docs/adding-a-desk.md): then your own desk is tried, and you are asked to be its agent.
`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { store: { type: 'string' }, only: { type: 'string' }, table: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (values.table) {
    process.stdout.write(`${capabilityTable()}\n`)
    return 0
  }
  const [type = ''] = positionals
  const startSimulated = Object.hasOwn(stages, type) ? stages[type] : undefined
  if (!startSimulated) throw new Error(`no desk type "${type}"\n\n${USAGE}`)
  checkChoice(
    '--only',
    values.only,
    suite.map(({ name }) => name),
  )
  checkChoice('--store', values.store, ['sqlite', 'redis'])
  const live = readLiveSettings(process.env)
  const redis = values.store === 'redis' ? await startRedis() : undefined
  const options: TrialOptions = {
    startStage: live ? async () => startLiveStage(type, live) : () => startSimulated(),
    ...(live && { port: live.port, patienceMs: 120_000 }),
    ...(redis && { redisUrl: redis.url }),
  }
  const trial = await startTrial(options)
  try {
    return await runAll(trial, type, redis !== undefined, values.only)
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

function checkChoice(option: string, said: string | undefined, known: string[]): void {
  if (said === undefined || known.includes(said)) return
  throw new Error(`${option}: there is no "${said}"; there are ${known.join(', ')}`)
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
