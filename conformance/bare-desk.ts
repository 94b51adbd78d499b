import { pino } from 'pino'
import { parse } from 'smol-toml'
import type { DeskStage } from '../simulators/stage.ts'
import type { Desk } from '../src/desks/desk.ts'
import { deskDefinitions } from '../src/desks/registry.ts'
import { MediatorError } from '../src/domain/errors.ts'
import type { Call } from '../src/lib/call.ts'
import { createClock } from '../src/lib/clock.ts'
import { createFileSource } from '../src/lib/file-source.ts'
import { createHttpDoor } from '../src/lib/http-door.ts'

/** The desk without a mediator around it; `asked`: how often its link was, which never answers. */
export type BareDesk = {
  desk: Desk
  asked(): number
  callWith(signal: AbortSignal): Call
  close(): Promise<void>
}

export function createBareDesk({ settings }: DeskStage): BareDesk {
  const { type, ...table } = parse(settings)
  const definition = deskDefinitions.find(one => one.type === type)
  if (!definition) throw new Error(`the registry has no desk type ${type}`)
  const http = createHttpDoor({ account: 'bare', clock: createClock() })
  let asked = 0
  const links = {
    ask: (_name: string, _question: unknown, { signal }: Call) => {
      asked += 1
      return silence(signal)
    },
  }
  const kit = { name: 'bare', http, files: createFileSource(http), clock: createClock(), links }
  const log = pino({ level: 'silent' })
  return {
    desk: definition.create(definition.settings.parse(table) as never, kit),
    asked: () => asked,
    callWith: signal => ({ signal, log, attempt: 1 }),
    close: http.close,
  }
}

/** As the way to a link ends when its caller's signal does. */
function silence(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(new MediatorError('TIMEOUT', 'the link did not answer')))
  return promise
}

/** It can be asked how a conversation stands. */
export function canBeAsked(stage: DeskStage): boolean {
  const { desk, close } = createBareDesk(stage)
  void close()
  return desk.lookUp !== undefined
}
