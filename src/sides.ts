import type { Bot } from './bots/bot.ts'
import type { Config } from './config/config.ts'
import type { Desk } from './desks/desk.ts'
import type { Clock } from './lib/clock.ts'
import { createFileSource } from './lib/file-source.ts'
import { createHttpDoor, type HttpDoor } from './lib/http-door.ts'
import type { Kit } from './lib/kit.ts'
import type { LinkDoor } from './lib/link-door.ts'
import type { Metrics } from './metrics.ts'

/** The bot and the desks of the configuration, and the doors they go out by, to be closed last. */
export type BuiltSides = { doors: HttpDoor[]; bot: Bot; desks: Desk[] }

type SidesKit = { clock: Clock; metrics: Metrics; linksOf(desk: string): LinkDoor }

export function createSides(config: Config, { clock, metrics, linksOf }: SidesKit): BuiltSides {
  const { observe } = metrics
  const filesDoor = createHttpDoor({ account: 'files', clock, observe, breaker: 'off' })
  const files = createFileSource(filesDoor)
  const doors: HttpDoor[] = [filesDoor]
  const kitFor = (name: string): Kit => {
    const http = createHttpDoor({ account: name, clock, observe })
    doors.push(http)
    return { name, http, files, clock }
  }
  const [bot] = config.bots.map(({ name, definition, settings }) =>
    definition.create(settings as never, kitFor(name)),
  )
  const desks = config.desks.map(({ name, definition, settings }) =>
    definition.create(settings as never, { ...kitFor(name), links: linksOf(name) }),
  )
  return { doors, bot: bot as Bot, desks }
}
