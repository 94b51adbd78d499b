import { type DistantRedisSide, type RedisSide, startDistantRedisSide } from '../world/redis.ts'
import type { Scenario } from './scenario.ts'
import { threeOnRedis } from './worlds.ts'

export const redisKilled: Scenario<RedisSide> = {
  name: 'redis-killed',
  about: 'Redis is killed and started again later, with what it has on its disk',
  world: threeOnRedis,
  seconds: { short: 8, long: 100 },
  turns: { short: 1, long: 5 },
  async disturb({ world: { store }, random, short, pause, note }) {
    await pause(random.between(1_000, short ? 1_500 : 4_000))
    note('kill Redis')
    await store.kill()
    await pause(short ? 2_000 : random.between(1_000, 30_000))
    note('start Redis')
    await store.restart()
    await pause(short ? 1_000 : 4_000)
  },
}

export const redisPaused: Scenario<RedisSide> = {
  name: 'redis-paused',
  about: 'Redis stands still for a while, with all connections open',
  world: threeOnRedis,
  seconds: { short: 10, long: 100 },
  turns: { short: 1, long: 6 },
  async disturb({ world: { store }, random, short, pause, note }) {
    await pause(random.between(1_000, short ? 1_500 : 4_000))
    const ms = short ? 4_000 : random.pick([1_500, 4_000, 10_000, 25_000])
    note(`pause Redis for ${ms} ms`)
    store.pause()
    await pause(ms)
    store.resume()
    await pause(short ? 1_000 : 4_000)
  },
}

export const redisSlow: Scenario<DistantRedisSide> = {
  name: 'redis-slow',
  about: 'the way to Redis is slow, up to longer than anybody waits, and is cut now and then',
  world: { replicas: 3, startStore: startDistantRedisSide },
  seconds: { short: 10, long: 90 },
  turns: { short: 3, long: 25 },
  async disturb({ world: { store }, random, pause, note }) {
    const ms = random.pick([20, 100, 400, 900, 2_500])
    note(`each way takes ${ms} ms more`)
    store.slow(ms)
    await pause(random.between(1_000, 3_000))
    if (random.next() < 0.5) {
      note('cut')
      store.cut()
      await pause(random.between(0, 1_000))
    }
    store.slow(0)
    await pause(random.between(500, 1_500))
  },
}
