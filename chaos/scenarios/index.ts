import { calm } from './calm.ts'
import { clockHour, clocks } from './clocks.ts'
import { disk } from './disk.ts'
import { failover } from './failover.ts'
import { redisKilled, redisPaused, redisSlow } from './redis.ts'
import { freeze, kill, rolling } from './replicas.ts'
import type { Scenario } from './scenario.ts'
import { vendors, webhooks } from './vendors.ts'

/** In the order in which they run. */
export const scenarios: Scenario[] = [
  calm,
  kill,
  freeze,
  rolling,
  redisKilled,
  redisPaused,
  vendors,
  webhooks,
  redisSlow,
  clocks,
  clockHour,
  disk,
  failover,
]
