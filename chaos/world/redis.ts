import { type RedisServer, startRedis } from '../../test/support/redis-server.ts'
import type { Period } from '../judge/excuses.ts'
import { type Relay, startRelay } from './relay.ts'
import { begin, end } from './replica.ts'
import type { StoreSide } from './world.ts'

/** One Redis that has every write on its disk before it answers. */
export type RedisSide = StoreSide & {
  kill(): Promise<void>
  restart(): Promise<void>
  pause(): void
  resume(): void
}

/** The same, reached through a relay. */
export type DistantRedisSide = RedisSide & {
  /** Each way takes so much longer, in ms; 0 ends it. */
  slow(ms: number): void
  /** Cuts every connection once. */
  cut(): void
}

export async function startRedisSide(dir: string): Promise<RedisSide> {
  return manage(await startRedis({ appendonly: true }), dir)
}

export async function startDistantRedisSide(dir: string): Promise<DistantRedisSide> {
  const side = await startRedisSide(dir)
  return moveAway(side, await startRelay(Number(new URL(side.redisUrl).port)))
}

function moveAway(side: RedisSide, relay: Relay): DistantRedisSide {
  const shaky: Period[] = []
  const slow = (ms: number): void => {
    if (ms > 0) begin(shaky)
    else end(shaky)
    relay.setDelay(ms)
  }
  return {
    ...side,
    redisUrl: relay.url,
    shaky,
    slow,
    cut: relay.cut,
    async heal() {
      slow(0)
      await side.heal()
    },
    async stop() {
      relay.stop()
      await side.stop()
    },
  }
}

function manage(server: RedisServer, dir: string): RedisSide {
  const troubles: Period[] = []
  let isDown = false
  const side: RedisSide = {
    redisUrl: server.url,
    dataDir: dir,
    troubles,
    async kill() {
      begin(troubles)
      isDown = true
      await server.kill()
    },
    async restart() {
      await server.restart()
      isDown = false
      end(troubles)
    },
    pause() {
      begin(troubles)
      server.pause()
    },
    resume() {
      server.resume()
      end(troubles)
    },
    async heal() {
      if (isDown) return side.restart()
      side.resume()
    },
    stop: server.stop,
  }
  return side
}
