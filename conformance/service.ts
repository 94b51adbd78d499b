import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Rapidpro } from '../simulators/rapidpro/index.ts'
import type { DeskStage } from '../simulators/stage.ts'
import { createService } from '../src/app.ts'
import { readConfig } from '../src/config/config.ts'

export const DESK = 'desk-on-trial'
export const TOKEN = 'token-of-the-trial'

/** One replica of the mediator in this process. */
export type Running = {
  url: string
  /** What it has logged, down to the least important, and with nothing blotted out. */
  log: string[]
  /** May be called twice. */
  stop(): Promise<void>
  /** Removes its files. */
  clean(): void
}

export type Setup = {
  bot: Rapidpro
  stage: DeskStage
  endedFlow: string
  /** Absent: the embedded store. */
  redisUrl?: string | undefined
  /** 0: any free one, for this machine only. */
  port: number
}

/** Leaves nothing behind when the settings are wrong; then it throws what is. */
export async function startService(setup: Setup): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  const clean = () => rmSync(folder, { recursive: true, force: true })
  try {
    return { ...(await startIn(folder, setup)), clean }
  } catch (error) {
    clean()
    throw error
  }
}

async function startIn(folder: string, setup: Setup): Promise<Omit<Running, 'clean'>> {
  writeFileSync(join(folder, 'live-agents.toml'), settingsOf(setup))
  const log: string[] = []
  const config = readConfig({
    ...process.env,
    // A real desk calls from elsewhere.
    HOST: setup.port === 0 ? '127.0.0.1' : '0.0.0.0',
    PORT: String(setup.port),
    REDIS_URL: setup.redisUrl ?? '',
    DATA_DIR: join(folder, 'data'),
    CONFIG_DIR: folder,
    API_TOKENS: TOKEN,
  })
  const service = await createService(
    config,
    pino({ level: 'trace' }, { write: line => void log.push(line) }),
  )
  const address = await service.start()
  let stopped: Promise<void> | undefined
  return {
    url: address.replace('0.0.0.0', '127.0.0.1'),
    log,
    stop: () => {
      stopped ??= service.stop()
      return stopped
    },
  }
}

function settingsOf({ bot, stage, endedFlow }: Setup): string {
  return `missing_calendar = "open"
look_up_after = "2s"
[media]
allow = ${JSON.stringify(stage.mediaHosts ?? [])}
[bots.rapidpro]
type = "rapidpro"
url = "${bot.url}"
token = "${bot.token}"
ended_flow = "${endedFlow}"
[desks.${DESK}]
${stage.settings}
`
}
