import { startRedisSide } from '../world/redis.ts'

/** Three replicas on one Redis: one object, since scenarios of the same world may follow each other in it. */
export const threeOnRedis = { replicas: 3, startStore: startRedisSide }
