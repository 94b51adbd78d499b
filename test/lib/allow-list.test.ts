import { describe, expect, it } from 'vitest'
import { createAllowList, mediaSchema } from '../../src/lib/allow-list.ts'

const accepts = (entry: string) => mediaSchema.safeParse({ allow: [entry] }).success

describe('the list of what is allowed', () => {
  it('may be left out, and is empty then', () => {
    expect(mediaSchema.parse(undefined)).toEqual({ allow: [] })
    expect(mediaSchema.parse({})).toEqual({ allow: [] })
  })

  it.each([
    '10.20.0.0/16',
    '192.168.1.5',
    'fd00::/8',
    '::1',
    'localhost',
    'files.desk.local',
    'Files.Desk.Local.',
    '*.example.local',
    '*.local',
    'my_minio',
    'ficheros.añil.example',
  ])('takes %s', entry => {
    expect(accepts(entry)).toBe(true)
  })

  it.each([
    '',
    '*',
    '*.',
    'a.*.local',
    '10.20.0.0/33',
    '10.20.0',
    '0x7f.1',
    '2130706433',
    'files.local:9000',
    'http://files.local',
    'files.local/path',
    'files.local?x',
    'user@files.local',
    'two words',
    'a..b',
    '-a.local',
    '[::1]',
    'files.local, other.local',
  ])('refuses "%s"', entry => {
    expect(accepts(entry)).toBe(false)
  })

  it('has hosts by their names, however they are written, and not those that only end alike', () => {
    const list = createAllowList(['Files.Desk.Local', '*.example.local', 'añil.example'])
    const hosts = {
      'files.desk.local': true,
      'FILES.desk.local.': true,
      'other.desk.local': false,
      'a.files.desk.local': false,
      'a.example.local': true,
      'a.b.example.local': true,
      'example.local': false,
      'badexample.local': false,
      [new URL('http://añil.example').hostname]: true,
      '10.0.0.1': false,
    }
    expect(Object.fromEntries(Object.keys(hosts).map(host => [host, list.hasHost(host)]))).toEqual(hosts)
  })

  it('has addresses and ranges, for names that lead to them, too', () => {
    const list = createAllowList(['10.20.0.0/16', '192.168.1.5', 'name.local'])
    const asked = ['10.20.3.4', '192.168.1.5', '10.21.0.1', '::ffff:10.20.3.4']
    expect(asked.map(list.hasAddress)).toEqual([true, true, false, true])
  })
})
