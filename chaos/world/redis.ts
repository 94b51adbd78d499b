import { type RedisServer, startRedis } from '../../test/support/redis-server.ts'
import type { Period } from '../judge/excuses.ts'
import { type Relay, startRelay } from './relay.ts'
import { begin, end } from './replica.ts'
import type { StoreSide } from './world.ts'

/** One Redis that has every write on its disk before it answers, reached through a relay. */
export type RedisSide = StoreSide & {
  kill(): Promise<void>
  restart(): Promise<void>
  pause(): void
  resume(): void
  /** Each way takes so much longer, in ms; 0 ends it. */
  slow(ms: number): void
  /** Cuts every connection once. */
  cut(): void
}

export async function startRedisSide(dir: string): Promise<RedisSide> {
  const server = await startRedis({ appendonly: true })
  const relay = await startRelay(Number(new URL(server.url).port))
  return manage(server, relay, dir)
}

function manage(server: RedisServer, relay: Relay, dir: string): RedisSide {
  const troubles: Period[] = []
  const shaky: Period[] = []
  let isDown = false
  const side: RedisSide = {
    redisUrl: relay.url,
    dataDir: dir,
    troubles,
    shaky,
    slow(ms) {
      if (ms > 0) begin(shaky)
      else end(shaky)
      relay.setDelay(ms)
    },
    cut: relay.cut,
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
      side.slow(0)
      if (isDown) return side.restart()
      side.resume()
    },
    async stop() {
      relay.stop()
      await server.stop()
    },
  }
  return side
}
