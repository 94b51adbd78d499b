import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRanges, isPublic, isRange } from '../../src/lib/address-ranges.ts'

/** As whole numbers, first and last, from IANA's registries: written another way than the code has them. */
const CLOSED_4: [first: number, last: number][] = [
  [0x00000000, 0x00ffffff],
  [0x0a000000, 0x0affffff],
  [0x64400000, 0x647fffff],
  [0x7f000000, 0x7fffffff],
  [0xa83f8110, 0xa83f8110],
  [0xa9fe0000, 0xa9feffff],
  [0xac100000, 0xac1fffff],
  [0xc0000000, 0xc00000ff],
  [0xc0000200, 0xc00002ff],
  [0xc0586300, 0xc05863ff],
  [0xc0a80000, 0xc0a8ffff],
  [0xc6120000, 0xc613ffff],
  [0xc6336400, 0xc63364ff],
  [0xcb007100, 0xcb0071ff],
  [0xe0000000, 0xffffffff],
]

const CLOSED_6: [first: bigint, last: bigint][] = [
  [0x2001_0000n << 96n, (0x2001_0200n << 96n) - 1n],
  [0x2001_0db8n << 96n, (0x2001_0db9n << 96n) - 1n],
  [0x2002n << 112n, (0x2003n << 112n) - 1n],
  [0x3fff_0000n << 96n, (0x3fff_1000n << 96n) - 1n],
]

const GLOBAL_6: [first: bigint, last: bigint] = [0x2000n << 112n, (0x4000n << 112n) - 1n]
const CARRIERS = [0xffffn << 32n, 0x64_ff9bn << 96n]

const isOpen4 = (address: number) => !CLOSED_4.some(([first, last]) => first <= address && address <= last)

function isOpen6(address: bigint): boolean {
  const carrier = CARRIERS.find(base => address >> 32n === base >> 32n)
  if (carrier !== undefined) return isOpen4(Number(address - carrier))
  const isGlobal = GLOBAL_6[0] <= address && address <= GLOBAL_6[1]
  return isGlobal && !CLOSED_6.some(([first, last]) => first <= address && address <= last)
}

const ALL_4 = 2 ** 32
const ALL_6 = 1n << 128n

const edges4 = CLOSED_4.flatMap(([first, last]) => [first - 1, first, last, last + 1]).filter(
  edge => edge >= 0 && edge < ALL_4,
)
const edges6 = [...CLOSED_6, GLOBAL_6]
  .flatMap(([first, last]) => [first - 1n, first, last, last + 1n])
  .concat(
    CARRIERS.flatMap(base => [base - 1n, base + (1n << 32n), ...edges4.map(edge => base + BigInt(edge))]),
  )
  .concat([0n, 1n, 0xfc00n << 112n, 0xfe80n << 112n, 0xff02n << 112n, ALL_6 - 1n])

const some4 = fc.oneof(fc.integer({ min: 0, max: ALL_4 - 1 }), fc.constantFrom(...edges4))
const some6 = fc.oneof(
  fc.bigInt({ min: 0n, max: ALL_6 - 1n }),
  fc.bigInt({ min: GLOBAL_6[0], max: GLOBAL_6[1] }),
  fc.tuple(fc.constantFrom(...CARRIERS), some4).map(([base, address]) => base + BigInt(address)),
  fc.constantFrom(...edges6),
)

const write4 = (address: number) => [24, 16, 8, 0].map(bits => (address >>> bits) & 255).join('.')
const write6 = (address: bigint) => address.toString(16).padStart(32, '0').match(/.{4}/g)?.join(':') ?? ''
/** As resolvers and URLs write it, with the longest zeros left out. */
const shorten = (address: string) => new URL(`http://[${address}]`).hostname.slice(1, -1)

describe('an address is public', () => {
  it('exactly when no register has it for something else: IPv4', () => {
    for (const edge of edges4) expect(isPublic(write4(edge)), write4(edge)).toBe(isOpen4(edge))
    fc.assert(
      fc.property(some4, address => isPublic(write4(address)) === isOpen4(address)),
      { numRuns: 3_000 },
    )
  })

  it('exactly when no register has it for something else: IPv6, however it is written', () => {
    for (const edge of edges6) expect(isPublic(write6(edge)), write6(edge)).toBe(isOpen6(edge))
    fc.assert(
      fc.property(some6, address => {
        const long = write6(address)
        const forms = [long, long.toUpperCase(), shorten(long)]
        return forms.every(form => isPublic(form) === isOpen6(address))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])(
    '%s',
    address => {
      expect(isPublic(address)).toBe(true)
    },
  )

  it.each([
    '127.0.0.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '::1',
    '::',
    '::127.0.0.1',
    'fd00:ec2::254',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    'ff02::1',
    'not an address',
    '',
  ])('not: %s', address => {
    expect(isPublic(address)).toBe(false)
  })
})

describe('a range', () => {
  it.each(['10.0.0.0/8', '10.1.2.3/8', '192.168.1.5', '0.0.0.0/0', 'fd00::/8', '::1', '::1/128'])(
    'is %s',
    text => {
      expect(isRange(text)).toBe(true)
    },
  )

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '::/129',
    'fe80::1%eth0',
    '10.0.0.0/-1',
    'host',
    '',
  ])('is not %s', text => {
    expect(isRange(text)).toBe(false)
  })

  it('has what is in it, and a mapped address where it has the IPv4 one', () => {
    const ranges = createRanges(['10.20.0.0/16', '192.168.1.5', 'fd00:1::/32'])
    const asked = [
      '10.20.255.1',
      '10.21.0.0',
      '192.168.1.5',
      '192.168.1.6',
      'fd00:1::9',
      'fd00:2::9',
      '::ffff:10.20.1.1',
    ]
    expect(asked.map(ranges.has)).toEqual([true, false, true, false, true, false, true])
  })
})
