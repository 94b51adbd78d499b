import { pino } from 'pino'
import { parse } from 'smol-toml'
import type { DeskStage } from '../simulators/stage.ts'
import type { Desk } from '../src/desks/desk.ts'
import { deskDefinitions } from '../src/desks/registry.ts'
import type { Call } from '../src/lib/call.ts'
import { createClock } from '../src/lib/clock.ts'
import { createFileSource } from '../src/lib/file-source.ts'
import { createHttpDoor } from '../src/lib/http-door.ts'

/** The desk without a mediator around it. */
export type BareDesk = { desk: Desk; callWith(signal: AbortSignal): Call; close(): Promise<void> }

export function createBareDesk({ settings }: DeskStage): BareDesk {
  const { type, ...table } = parse(settings)
  const definition = deskDefinitions.find(one => one.type === type)
  if (!definition) throw new Error(`the registry has no desk type ${type}`)
  const http = createHttpDoor({ account: 'bare', clock: createClock() })
  const links = { ask: () => new Promise<never>(() => undefined) }
  const kit = { name: 'bare', http, files: createFileSource(http), clock: createClock(), links }
  const log = pino({ level: 'silent' })
  return {
    desk: definition.create(definition.settings.parse(table) as never, kit),
    callWith: signal => ({ signal, log, attempt: 1 }),
    close: http.close,
  }
}
