import type { Logger } from 'pino'
import { createService, type Service } from './app.ts'
import { type Config, ConfigError, readConfig, secretsOf } from './config/config.ts'
import { createLogger } from './lib/logger.ts'

/** Orchestrators send SIGKILL after 30 s; whatever still hangs by then is taken up again by another start. */
const STOP_WITHIN_MS = 24_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger(config.environment.logLevel, secretsOf(config))
  announce(config, log)
  const service = await createService(config, log)
  stopOnSignals(service, log)
  const address = await service.start().catch(error => refuseToListen(config, error))
  log.info({ address }, 'ready')
}

function announce(config: Config, log: Logger): void {
  const { redisUrl, dataDir, apiTokens } = config.environment
  log.info({ store: redisUrl === undefined ? `embedded, in ${dataDir}` : 'redis' }, 'starting')
  if (apiTokens === undefined) log.warn('API_AUTH=off: anybody who reaches this port can use it')
  for (const warning of config.warnings) log.warn(warning)
  if (config.calendars.size > 0) log.info({ calendars: clocksOf(config) }, 'working hours are read')
  if (config.calendars.size === 0 && config.settings.missing_calendar !== 'closed')
    log.warn('no working-hours-<country>.toml was found: registration is always open')
}

/** Each calendar's time, so that one look tells whether its zone is right. */
function clocksOf({ calendars }: Config): { name: string; time_zone: string; now: string }[] {
  const shown = { weekday: 'long', hour: '2-digit', minute: '2-digit' } as const
  return [...calendars].map(([name, { zone }]) => {
    const now = new Date().toLocaleTimeString('en-GB', { ...shown, timeZone: zone.name })
    return { name, time_zone: zone.name, now }
  })
}

function stopOnSignals(service: Service, log: Logger): void {
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => exit(log, 1, 'stopped, with work left for the next start'), STOP_WITHIN_MS).unref()
    service.stop().then(
      () => exit(log, 0, 'stopped'),
      () => exit(log, 1, 'stopped with an error'),
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
}

function exit(log: Logger, code: number, text: string): void {
  log.info(text)
  process.exit(code)
}

/** What is wrong with HOST or PORT, by what the system says of it. */
function refuseToListen({ environment: { host, port } }: Config, error: NodeJS.ErrnoException): never {
  const anAddress = 'write an address of this machine, or 0.0.0.0 for all it has'
  const unknown = `HOST: nobody knows "${host}"; ${anAddress}`
  const texts: Record<string, string> = {
    EADDRINUSE: `PORT: something listens on ${port} at ${host} already; stop it, or write another port`,
    EACCES: `PORT: this user may not listen on ${port}; write a port from 1024 on`,
    ENOTFOUND: unknown,
    EAI_AGAIN: unknown,
    EADDRNOTAVAIL: `HOST: "${host}" is not here; ${anAddress}`,
  }
  const text = texts[error.code ?? '']
  throw text === undefined ? error : new Error(`${text} (${error.message})`, { cause: error })
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  return `cannot start: ${error instanceof Error ? error.message : String(error)}`
}

main().catch(error => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})
