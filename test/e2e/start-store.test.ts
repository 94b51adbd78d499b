import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { expectEnvelope, REGISTER, registration } from '../http/asks.ts'
import { atMediator, inFolder, startInVain } from '../http/own-process.ts'
import { findFreePort } from '../support/free-port.ts'
import { startMediator } from '../support/mediator-process.ts'
import { type RedisOptions, type RedisServer, startRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'

const SECRET = 'sesame-open-up-42'

async function withRedis<T>(options: RedisOptions, use: (redis: RedisServer) => Promise<T>): Promise<T> {
  const redis = await startRedis(options)
  try {
    return await use(redis)
  } finally {
    await redis.stop()
  }
}

describe('a store that cannot be used', () => {
  it('is named when no Redis answers, without its password', async () => {
    const redisUrl = `redis://:${SECRET}@127.0.0.1:${await findFreePort()}/0`
    const { code, printed } = await inFolder({}, dir => startInVain(dir, { redisUrl }))
    expect(code).not.toBe(0)
    expect(printed).toMatch(/REDIS_URL/)
    expect(printed).not.toContain(SECRET)
  })

  it('is named when Redis refuses the password', async () => {
    await withRedis({ args: ['--user', 'somebody', 'on', '>another', '~*', '&*', '+@all'] }, async redis => {
      const redisUrl = redis.url.replace('//', `//somebody:${SECRET}@`)
      const { code, printed } = await inFolder({}, dir => startInVain(dir, { redisUrl }))
      expect(code).not.toBe(0)
      expect(printed).toMatch(/REDIS_URL/)
      expect(printed).not.toContain(SECRET)
    })
  })

  it.each(['allkeys-lru', 'volatile-ttl'])('is refused when Redis may evict (%s)', async policy => {
    await withRedis({ appendonly: true, args: ['--maxmemory-policy', policy] }, async ({ url }) => {
      const { code, printed } = await inFolder({}, dir => startInVain(dir, { redisUrl: url }))
      expect(code).not.toBe(0)
      expect(printed).toMatch(new RegExp(`REDIS_URL: .*"${policy}".*noeviction`))
    })
  })

  it('is warned of when a crash of Redis would lose messages', async () => {
    await withRedis({ appendonly: false }, ({ url }) =>
      inFolder({}, async dir => {
        const mediator = await startMediator({ configDir: dir, dataDir: join(dir, 'data'), redisUrl: url })
        expect(await mediator.stop()).toBe(0)
        const warnings = mediator.log.filter(({ level }) => level === 40).map(({ msg }) => msg)
        expect(warnings).toContainEqual(expect.stringMatching(/append-only.*appendonly yes/))
      }),
    )
  })

  it('is refused to a second process on the same DATA_DIR, while the first goes on', async () => {
    await inFolder({}, async dir => {
      const first = await startMediator({ configDir: dir, dataDir: join(dir, 'data') })
      try {
        const { code, printed } = await startInVain(dir)
        expect(code).not.toBe(0)
        expect(printed).toContain(join(dir, 'data'))
        expect(printed).toMatch(/DATA_DIR.*REDIS_URL/)
        expect((await fetch(`${first.url}/health/ready`)).status).toBe(200)
      } finally {
        await first.stop()
      }
      const next = await startMediator({ configDir: dir, dataDir: join(dir, 'data') })
      expect(await next.stop()).toBe(0)
    })
  })

  it('is named when DATA_DIR cannot be made', async () => {
    const { code, printed } = await inFolder({ files: { file: '' } }, dir =>
      startInVain(dir, { dataDir: join(dir, 'file', 'data') }),
    )
    expect(code).not.toBe(0)
    expect(printed).toMatch(/DATA_DIR|file\/data/)
  })

  it('and a host that is not here is named', async () => {
    const { code, printed } = await inFolder({}, dir => startInVain(dir, { env: { HOST: '192.0.2.1' } }))
    expect(code).not.toBe(0)
    expect(printed).toMatch(
      /cannot start: HOST: "192\.0\.2\.1" is not here; write an address of this machine/,
    )
  })

  it('and a port that is taken is named', async () => {
    await inFolder({}, async dir => {
      const first = await startMediator({ configDir: dir, dataDir: join(dir, 'one') })
      try {
        const port = Number(new URL(first.url).port)
        const { code, printed } = await startInVain(dir, { dataDir: join(dir, 'two'), port })
        expect(code).not.toBe(0)
        expect(printed).toContain(
          `cannot start: PORT: something listens on ${port} at 127.0.0.1 already; stop it`,
        )
      } finally {
        await first.stop()
      }
    })
  })
})

describe('a store that fails while it is used', () => {
  it('is said to the operator, with its reason, for each request that is refused, and once as it begins and ends', async () => {
    await inFolder({}, async dir => {
      const mediator = await startMediator({ configDir: dir, dataDir: join(dir, 'data') })
      const other = new DatabaseSync(join(dir, 'data', 'mediator.db'))
      try {
        other.exec('BEGIN IMMEDIATE')
        const call = atMediator(mediator.url)
        expectEnvelope(await call('POST', REGISTER, registration('ana')), 503, 'unavailable')
        const reason = expect.stringMatching(/^the embedded store .*: database is locked$/)
        const line = { level: 40, msg: 'refused', code: 'STORE_UNAVAILABLE', reason }
        const isSaid = () => mediator.log.some(one => expect.objectContaining(line).asymmetricMatch(one))
        await until('it is said in the log', isSaid)
        const about = (msg: string) => mediator.log.filter(one => one.msg === msg)
        expect(about('the store fails')).toMatchObject([{ level: 50, reason }])
        expect(await call('GET', '/health/ready')).toMatchObject({ status: 503, body: { reason } })
        other.exec('ROLLBACK')
        await until('it is well again', () => about('the store works again').length > 0)
        const seconds = expect.any(Number)
        expect(about('the store works again')).toMatchObject([{ level: 30, seconds }])
        expect(about('the store fails')).toHaveLength(1)
      } finally {
        other.close()
        await mediator.stop()
      }
    })
  })
})
