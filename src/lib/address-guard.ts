import { type LookupAddress, lookup as resolveName } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { MediatorError } from '../domain/errors.ts'
import { isPublic } from './address-ranges.ts'
import type { AllowList } from './allow-list.ts'

/** Stands before addresses that strangers write, so that nobody is led to what only we can reach. */
export type AddressGuard = {
  /** Before each call. Throws AddressRefused for what is wrong with the address as it is written. */
  check(url: URL, from: string | undefined): void
  /** Makes the door's connections, to checked addresses only. Fails with AddressRefused. */
  connect: buildConnector.connector
}

export type GuardOptions = {
  allow: AllowList
  /** Addresses that the operator has written down as a desk's or bot's own: their hosts are allowed on their ports. */
  known: string[]
  /** Gives all addresses of a name. The system's own when absent. */
  resolve?: Resolve
}

export type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/** Final: the address will not be better later. The message names the host, never what stands behind it. */
export class AddressRefused extends MediatorError {
  readonly host: string

  constructor(host: string, why: string) {
    super('REJECTED', `${host || 'an address without a host'} ${why}`)
    this.host = host
  }
}

const CONNECT_MS = 5_000

export function createAddressGuard({ allow, known, resolve = resolveAll }: GuardOptions): AddressGuard {
  const own = new Set(known.flatMap(address => URL.parse(address) ?? []).map(placeOf))
  const isNamed = (place: Place): boolean => own.has(placeOf(place)) || allow.hasHost(place.hostname)
  const isOpen = (address: string): boolean => allow.hasAddress(address) || isPublic(address)
  const free = connectorOf(resolve, () => true)
  const checked = connectorOf(resolve, isOpen)
  return {
    check(url, from) {
      const why = faultOf(url, from) ?? (isNamed(url) ? undefined : faultOfPort(url))
      if (why) throw new AddressRefused(url.hostname, why)
    },
    connect(options, callback) {
      const { hostname } = options
      if (isNamed(options)) free(options, callback)
      // A connection to an address asks no resolver.
      else if (isIP(hostname) === 0 || isOpen(hostname)) checked(options, callback)
      else setImmediate(callback, closed(hostname), null)
    },
  }
}

type Place = { protocol: string; hostname: string; port: string }

function placeOf({ protocol, hostname, port }: Place): string {
  return `${hostname.replace(/^\[|\]$/g, '')}:${port || (protocol === 'https:' ? '443' : '80')}`
}

function faultOf({ protocol, username, password }: URL, from: string | undefined): string | undefined {
  if (username || password) return 'is asked for with a password in the address'
  if (protocol === 'http:' && from?.startsWith('https:')) return 'is where https was left for http'
  return undefined
}

/** Below 1024 everybody's other services listen (mail, directories, remote shells); above, anything may be a web server. */
function faultOfPort({ port }: URL): string | undefined {
  return ['', '80', '443'].includes(port) || Number(port) > 1023
    ? undefined
    : 'is asked for on a port of another service'
}

function closed(host: string): AddressRefused {
  return new AddressRefused(host, 'is at an address that is not public')
}

/**
 * What it connects to is exactly what was checked: the name is resolved here, once, and the answers handed on. A connection
 * that is kept is used for its own host only, at the address it was made to.
 */
function connectorOf(resolve: Resolve, isOpen: (address: string) => boolean): buildConnector.connector {
  const lookup: LookupFunction = (host, { all }, callback) =>
    resolve(host, (error, found) => {
      const [first] = found
      // One closed address among open ones is a trap, too: which of them is taken is chance.
      const refusal = found.every(({ address }) => isOpen(address)) ? null : closed(host)
      if (error || refusal || !first) callback(error ?? refusal ?? nowhere(host), [])
      else if (all) callback(null, found)
      else callback(null, first.address, first.family)
    })
  return buildConnector({ timeout: CONNECT_MS, lookup })
}

function nowhere(host: string): Error {
  return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
}

function resolveAll(host: string, answer: Parameters<Resolve>[1]): void {
  resolveName(host, { all: true }, (error, addresses) => answer(error, addresses ?? []))
}
