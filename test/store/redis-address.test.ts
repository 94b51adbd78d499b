import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'
import { readRedisAddress } from '../../src/lib/redis-address.ts'

const SECRET = 'pa-ss-word'

describe('REDIS_URL', () => {
  it.each([
    ['redis://h:1/2', { kind: 'server', url: 'redis://h:1/2', replicas: 0, secrets: [] }],
    ['rediss://u:p%40@h?replicas=2', { kind: 'server', replicas: 2, secrets: ['p@'] }],
    [
      'redis+sentinel://one:1,two/mymaster',
      {
        kind: 'sentinel',
        sentinels: [
          { host: 'one', port: 1 },
          { host: 'two', port: 26_379 },
        ],
        master: 'mymaster',
        db: 0,
        tls: false,
        replicas: 1,
        secrets: [],
      },
    ],
    [
      'rediss+sentinel://ann:a%2Fb%3A@[::1]:2/my%20master/3?replicas=0&sentinel_username=s&sentinel_password=c+d%26',
      {
        kind: 'sentinel',
        sentinels: [{ host: '::1', port: 2 }],
        master: 'my master',
        db: 3,
        tls: true,
        username: 'ann',
        password: 'a/b:',
        sentinelUsername: 's',
        sentinelPassword: 'c+d&',
        replicas: 0,
        secrets: ['a/b:', 'c+d&'],
      },
    ],
    [
      'redis+cluster://:p@one:7000,two-2.example.org,10.0.0.1:7002/0',
      {
        kind: 'cluster',
        nodes: [
          { host: 'one', port: 7_000 },
          { host: 'two-2.example.org', port: 6_379 },
          { host: '10.0.0.1', port: 7_002 },
        ],
        tls: false,
        password: 'p',
        replicas: 0,
        secrets: ['p'],
      },
    ],
    ['rediss+cluster://one?replicas=1', { kind: 'cluster', tls: true, replicas: 1, secrets: [] }],
  ])('may be %s', (url, address) => {
    expect(readRedisAddress(url)).toMatchObject(address)
  })

  it.each([
    ['http://x', /redis:\/\/user:password@host.*redis\+sentinel:.*redis\+cluster:.*embedded store/],
    ['redis://', /redis:\/\//],
    [`redis://:${SECRET}@not a host:x`, /%/],
    [`redis://user:${SECRET}%zz@h`, /%/],
    ['redis://h:1/x', /number of the database/],
    ['redis://h:1/1/2', /number of the database/],
    ['redis://h:1/-1', /number of the database/],
    [`redis://:${SECRET}@h:1/0?replica=1`, /redis:\/\/ knows replicas and nothing else/],
    [`redis://h:1/0?db=${SECRET}`, /redis:\/\/ knows replicas and nothing else/],
    [`redis+sentinal://:${SECRET}@h/m`, /redis\+sentinel:/],
    [`redis+sentinel://:${SECRET}@h:1,i:2`, /name they know the master by.*mymaster/],
    [`redis+sentinel://:${SECRET}@h:1/mymaster/db`, /number of the database/],
    [
      `redis+sentinel://:${SECRET}@h:1/m?sentinel_pasword=${SECRET}`,
      /knows.*sentinel_password and nothing else/,
    ],
    [`redis+sentinel://:${SECRET}@h:1/m?replicas=many`, /\?replicas=1, or 0/],
    [`redis+sentinel://:${SECRET}@h:1/m?replicas=-1`, /\?replicas=1, or 0/],
    [`redis+sentinel://:${SECRET}%zz@h:1/m`, /%/],
    [`redis+cluster://:${SECRET}@h:1/3`, /database 0 only/],
    [`redis+cluster://:${SECRET}@h:1,,i:2`, /host:port,host:port/],
    [`redis+cluster://:${SECRET}@h:70000`, /host:port,host:port/],
    [`redis+cluster://:${SECRET}@h i:7000`, /host:port,host:port/],
    [`redis+cluster://:${SECRET}@h:7000?sentinel_password=${SECRET}`, /knows replicas and nothing else/],
    ['redis+cluster://', /redis\+cluster:/],
  ])('may not be %s, and says what to write', (url, advice) => {
    const problems: string[] = []
    const env = { API_AUTH: 'off', REDIS_URL: url }
    expect(readEnvironment(env, problems).redisUrl).toBeUndefined()
    expect(problems).toEqual([expect.stringMatching(/^REDIS_URL: /)])
    expect(problems[0]).toMatch(advice)
    expect(problems[0]).not.toContain(SECRET)
  })

  it('hides its passwords', () => {
    const url = `redis+sentinel://u:${SECRET}%21@h/m?sentinel_password=other`
    expect(readRedisAddress(url).secrets).toEqual([`${SECRET}!`, 'other'])
  })
})
