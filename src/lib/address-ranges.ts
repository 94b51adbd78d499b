import { BlockList, isIP } from 'node:net'

/** Address ranges, as `net.BlockList` keeps them: one list for each family, since a list mixes them up by mapping one to the other. */
export type Ranges = { has(address: string): boolean }

/** `10.0.0.0/8` or `::1`; as `isRange` takes them. */
export function createRanges(texts: readonly string[]): Ranges {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const text of texts) {
    const [net = '', prefix] = text.split('/')
    const family = isIP(net) as 4 | 6
    lists[family].addSubnet(net, Number(prefix ?? BITS[family]), NAMES[family])
    if (family === 4) addCarried(lists[6], net, Number(prefix ?? BITS[4]))
  }
  return {
    has(address) {
      const [plain = ''] = address.split('%')
      const family = isIP(plain)
      return (family === 4 || family === 6) && lists[family].check(plain, NAMES[family])
    },
  }
}

export function isRange(text: string): boolean {
  const [net = '', prefix, ...more] = text.split('/')
  const family = isIP(net)
  if (family === 0 || net.includes('%') || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= BITS[family as 4 | 6])
}

const BITS = { 4: 32, 6: 128 } as const
const NAMES = { 4: 'ipv4', 6: 'ipv6' } as const

/** IPv6 addresses that stand for an IPv4 one, which is theirs to answer for: mapped (RFC 4291) and NAT64 (RFC 6052). */
const CARRIERS = ['::ffff:', '64:ff9b::']

function addCarried(list: BlockList, net: string, prefix: number): void {
  for (const carrier of CARRIERS) list.addSubnet(carrier + net, 96 + prefix, 'ipv6')
}

/** IANA's special-purpose registries (RFC 6890 and what has been added since), and what clouds answer on besides. */
const CLOSED = createRanges([
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's platform, the one public address among them
  '169.254.0.0/16', // link-local, with the clouds' metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, with the broadcast
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
])

/** All there is of IPv6 but the special; the rest (loopback, fc00::/7, fe80::/10, ff00::/8, not assigned) is never public. */
const OPEN = createRanges(['0.0.0.0/0', '2000::/3'])

/** Whether anybody on the internet may have this address: nothing of ours, and nothing next to us, answers there. */
export function isPublic(address: string): boolean {
  return OPEN.has(address) && !CLOSED.has(address)
}
