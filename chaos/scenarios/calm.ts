import type { Scenario } from './scenario.ts'
import { threeOnRedis } from './worlds.ts'

export const calm: Scenario = {
  name: 'calm',
  about: 'nothing goes wrong',
  world: threeOnRedis,
  seconds: { short: 3, long: 60 },
  turns: { short: 0, long: 0 },
  disturb: ({ pause }) => pause(1_000),
}
