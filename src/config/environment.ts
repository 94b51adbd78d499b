import { readDuration } from '../lib/duration.ts'
import { RedisAddressError, readRedisAddress } from '../lib/redis-address.ts'

/** The process's environment, read. */
export type Environment = {
  host: string
  port: number
  /** Undefined: the embedded store. */
  redisUrl: string | undefined
  dataDir: string
  configDir: string
  /** Undefined: API_AUTH=off. */
  apiTokens: string[] | undefined
  logLevel: string
  sessionTtlMs: number
}

type Variables = Record<string, string | undefined>

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const DAY_MS = 86_400_000

/** Every problem is said at once, each with its variable and how to mend it. */
export function readEnvironment(env: Variables, problems: string[]): Environment {
  return {
    host: env.HOST || '0.0.0.0',
    port: readPort(env.PORT || '3000', problems),
    redisUrl: readRedisUrl(env.REDIS_URL, problems),
    dataDir: env.DATA_DIR || './data',
    configDir: env.CONFIG_DIR || './config',
    apiTokens: readTokens(env, problems),
    logLevel: readLevel(env.LOG_LEVEL || 'info', problems),
    sessionTtlMs: readTtl(env.SESSION_TTL || '7d', problems),
  }
}

function readPort(text: string, problems: string[]): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  problems.push(`PORT: "${text}" is no port; write a number from 1 to 65535`)
  return 0
}

function readRedisUrl(url: string | undefined, problems: string[]): string | undefined {
  if (!url) return undefined
  try {
    readRedisAddress(url)
    return url
  } catch (error) {
    if (!(error instanceof RedisAddressError)) throw error
    problems.push(`REDIS_URL: ${error.message}`)
    return undefined
  }
}

function readTokens(env: Variables, problems: string[]): string[] | undefined {
  if (env.API_AUTH === 'off') return undefined
  if (env.API_AUTH) problems.push(`API_AUTH: "${env.API_AUTH}" is unknown; write "off", or leave it out`)
  const tokens = (env.API_TOKENS ?? '')
    .split(',')
    .map(token => token.trim())
    .filter(Boolean)
  if (tokens.length === 0)
    problems.push(
      'API_TOKENS: empty; set one or more tokens, separated by commas, that RapidPro and operators send (or API_AUTH=off to ask for none)',
    )
  if (tokens.some(token => /\s/.test(token))) problems.push('API_TOKENS: a token must not contain blanks')
  return tokens
}

function readLevel(level: string, problems: string[]): string {
  if (!LEVELS.includes(level))
    problems.push(`LOG_LEVEL: "${level}" is unknown; write one of ${LEVELS.join(', ')}`)
  return LEVELS.includes(level) ? level : 'info'
}

function readTtl(text: string, problems: string[]): number {
  const ms = readDuration(text)
  if (ms !== undefined) return ms
  problems.push(`SESSION_TTL: "${text}" is no duration; write a number and a unit, such as 7d, 12h or 30m`)
  return 7 * DAY_MS
}
