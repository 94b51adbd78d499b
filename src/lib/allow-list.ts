import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { createRanges, isRange } from './address-ranges.ts'

/** What an operator has opened of the addresses that are closed to everybody's files. */
export type AllowList = {
  /** The host by its name, whatever address it has. */
  hasHost(host: string): boolean
  hasAddress(address: string): boolean
}

const WANTED =
  'write an address ("192.168.1.5"), a range ("10.20.0.0/16"), a host ("files.desk.local") or all hosts below one ("*.desk.local"), without scheme, port and path'

const entry = z.string().refine(text => isRange(text) || isHost(text), `is no host or address: ${WANTED}`)

/** The table `[media]` of live-agents.toml. */
export const mediaSchema = z.strictObject({ allow: z.array(entry).default([]) }).prefault({})

/** Takes what the schema let through. */
export function createAllowList(entries: readonly string[]): AllowList {
  const ranges = createRanges(entries.filter(isRange))
  const hosts = entries.filter(isHost).map(toHost)
  const names = new Set(hosts.filter(host => !host.startsWith('*.')))
  const endings = hosts.filter(host => host.startsWith('*.')).map(host => host.slice(1))
  return {
    hasHost(host) {
      const name = toHost(host)
      return names.has(name) || endings.some(ending => name.endsWith(ending) && name !== ending)
    },
    hasAddress: ranges.has,
  }
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
/** No name ends with a number: URLs read such a host as an address. */
const HOST = new RegExp(`^(?:\\*\\.)?(?:${LABEL}\\.)*(?!\\d+$|0x)${LABEL}$`)

function isHost(text: string): boolean {
  return isIP(text) === 0 && !/[\s/?#%:@\\]/.test(text) && HOST.test(toHost(text))
}

/** As URLs write it: small letters, punycode; and without the dot a full name may end with. */
function toHost(text: string): string {
  const [, star = '', name = ''] = /^(\*\.)?(.*)$/.exec(text) ?? []
  return star + domainToASCII(name).replace(/\.$/, '')
}
