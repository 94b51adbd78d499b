import type { Bot } from './bots/bot.ts'
import type { Config } from './config/config.ts'
import type { Desk } from './desks/desk.ts'
import { createAddressGuard } from './lib/address-guard.ts'
import { createAllowList } from './lib/allow-list.ts'
import { type BulkheadOptions, limitDoor, limitLink } from './lib/bulkhead.ts'
import type { Clock } from './lib/clock.ts'
import { createFileSource, MAX_FILE_BYTES } from './lib/file-source.ts'
import { createHttpDoor, type HttpDoor } from './lib/http-door.ts'
import type { Kit } from './lib/kit.ts'
import type { LinkDoor } from './lib/link-door.ts'
import { roomBytes } from './lib/memory.ts'
import type { Metrics } from './metrics.ts'

/** The bot and the desks of the configuration, and the doors they go out by, to be closed last. */
export type BuiltSides = { doors: HttpDoor[]; bot: Bot; desks: Desk[] }

type Places = Omit<BulkheadOptions, 'account' | 'clock'>

/** Calls to one desk or bot: as many as it gets connections. */
const PLACES: Places = { places: 128, kept: 32 }
/** A file is there several times over while it is read and passed on. */
const FILE_BYTES = 4 * MAX_FILE_BYTES
/** A quarter of the memory for files at most; and one host that is slow must leave places for the others. */
const FILE_PLACES_ALL = Math.max(1, Math.min(16, Math.floor(roomBytes() / 4 / FILE_BYTES)))
const FILE_PLACES: Places = {
  places: FILE_PLACES_ALL,
  perHost: Math.ceil(FILE_PLACES_ALL / 2),
  heavy: FILE_BYTES,
}

type SidesKit = {
  clock: Clock
  metrics: Metrics
  linksOf(desk: string): LinkDoor
  /** A bot or desk takes calls again after it had failed for a while. */
  recovered(account: string): void
}

export function createSides(config: Config, { clock, metrics, linksOf, recovered }: SidesKit): BuiltSides {
  const { observe } = metrics
  const guard = createAddressGuard({
    allow: createAllowList(config.settings.media.allow),
    known: [...config.bots, ...config.desks].map(({ settings }) => addressOf(settings)),
  })
  const filesDoor = limitDoor(createHttpDoor({ account: 'files', clock, observe, breaker: 'off', guard }), {
    account: 'files',
    clock,
    ...FILE_PLACES,
  })
  const files = createFileSource(filesDoor)
  const doors: HttpDoor[] = [filesDoor]
  const kitFor = (name: string): Kit => {
    const onRecovery = () => recovered(name)
    const door = createHttpDoor({ account: name, clock, observe, connections: PLACES.places, onRecovery })
    const http = limitDoor(door, { account: name, clock, ...PLACES })
    doors.push(http)
    return { name, http, files, clock }
  }
  const [bot] = config.bots.map(({ name, definition, settings }) =>
    definition.create(settings as never, kitFor(name)),
  )
  const desks = config.desks.map(({ name, definition, settings }) =>
    definition.create(settings as never, {
      ...kitFor(name),
      links: limitLink(linksOf(name), { account: name, clock, ...PLACES }),
    }),
  )
  return { doors, bot: bot as Bot, desks }
}

/** Every kind of bot and desk has its site under this key; '' where it is not used. */
function addressOf(settings: unknown): string {
  const { url } = settings as { url?: unknown }
  return typeof url === 'string' ? url : ''
}
