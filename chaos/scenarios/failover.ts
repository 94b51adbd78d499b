import { type SentinelSide, startSentinelSide } from '../world/sentinel.ts'
import type { Scenario } from './scenario.ts'

export const failover: Scenario<SentinelSide> = {
  name: 'failover',
  about:
    'the master of a Redis with sentinels is killed or stands still; another one takes over, and it comes back',
  world: { replicas: 3, startStore: startSentinelSide },
  seconds: { short: 8, long: 100 },
  turns: { short: 1, long: 5 },
  async disturb({ world: { store }, random, turn, pause, note }) {
    await pause(random.between(1_000, 2_000))
    const port = await store.master()
    const isKilled = turn % 2 === 0
    note(`${isKilled ? 'kill' : 'freeze'} the master`)
    if (isKilled) await store.kill(port)
    else store.freeze(port)
    await store.failedOver(port)
    note('another master takes writes')
    await pause(2_000)
    if (isKilled) await store.restart(port)
    else store.wake(port)
    note('the old one is back')
    await pause(3_000)
  },
}
