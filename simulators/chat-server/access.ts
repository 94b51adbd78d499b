import type { IncomingHttpHeaders } from 'node:http'
import type { Core } from './core.ts'
import type { Wire } from './wire.ts'

/** What a reverse proxy in front of the chat server might ask for; true when nothing is asked. */
export function isAllowedHeader({ settings }: Core, headers: IncomingHttpHeaders): boolean {
  const asked = settings.accessHeader
  return !asked || headers[asked.name.toLowerCase()] === asked.value
}

/** Handshake credentials: release 4 has `auth` for them, release 2 only the query. */
export function isAllowedHandshake({ settings }: Core, { auth, query }: Wire['handshake']): boolean {
  const given = auth ?? query
  return Object.entries(settings.auth).every(([key, value]) => given[key] === value)
}
