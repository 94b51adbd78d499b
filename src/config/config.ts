import type { Calendars } from '../calendar/calendars.ts'
import { loadCalendars } from '../calendar/load-calendars.ts'
import { findMisnamedCalendars } from '../calendar/misnamed-calendars.ts'
import { readRedisAddress } from '../lib/redis-address.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { type Configuration, readSettings } from './settings.ts'

export type Config = {
  environment: Environment
  calendars: Calendars
  /** What is odd, but no reason not to start. */
  warnings: string[]
} & Configuration

/** Everything that is wrong with the configuration, at once. `message` has a line for each. */
export class ConfigError extends Error {
  readonly problems: string[]

  constructor(problems: string[]) {
    super(['the configuration has problems:', ...problems.map(problem => `  - ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Reads environment, live-agents.toml and calendars. Throws ConfigError. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = []
  const environment = readEnvironment(env, problems)
  const configuration = readSettings(environment.configDir, env, problems)
  const { calendars, problems: inCalendars } = loadCalendars(environment.configDir)
  problems.push(...inCalendars)
  if (problems.length > 0 || !configuration) throw new ConfigError(problems)
  const warnings = findMisnamedCalendars(environment.configDir)
  return { environment, calendars, warnings, ...configuration }
}

/** Everything that must never be seen in a log. */
export function secretsOf({ environment, bots, desks }: Config): string[] {
  const own = [...(environment.apiTokens ?? []), ...passwordsOf(environment.redisUrl)]
  const theirs = [...bots, ...desks].flatMap(({ definition, settings }) =>
    definition.secrets(settings as never),
  )
  return [...own, ...theirs]
}

function passwordsOf(url: string | undefined): string[] {
  return url === undefined ? [] : readRedisAddress(url).secrets
}
