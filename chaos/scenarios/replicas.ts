import type { Scenario } from './scenario.ts'
import { threeOnRedis } from './worlds.ts'

/** For the supervisor to have it back. */
const BACK_MS = 3_000

export const kill: Scenario = {
  name: 'kill',
  about: 'SIGKILL of any replica every few seconds, started again after 1 s',
  world: threeOnRedis,
  seconds: { short: 8, long: 90 },
  turns: { short: 2, long: 20 },
  async disturb({ world, random, pause, note }) {
    await pause(random.between(500, 2_000))
    const replica = random.pick(world.replicas)
    note(`kill ${replica.index}`)
    replica.kill()
    await pause(BACK_MS)
  },
}

export const freeze: Scenario = {
  name: 'freeze',
  about: 'SIGSTOP of any replica for longer than its leases, then it wakes up',
  world: threeOnRedis,
  seconds: { short: 18, long: 100 },
  turns: { short: 1, long: 3 },
  async disturb({ world, random, short, pause, note }) {
    await pause(random.between(500, 1_500))
    const replica = random.pick(world.replicas)
    note(`freeze ${replica.index}`)
    replica.freeze()
    await pause(short ? 16_500 : 30_000)
    note(`wake ${replica.index}`)
    replica.wake()
    await pause(1_000)
  },
}

export const rolling: Scenario = {
  name: 'rolling',
  about: 'SIGTERM of one replica after the other, each started again after 1 s',
  world: threeOnRedis,
  seconds: { short: 10, long: 90 },
  turns: { short: 3, long: 18 },
  async disturb({ world, turn, pause, note }) {
    const replica = world.replicas[turn % world.replicas.length]
    if (!replica) throw new Error('no replica')
    note(`terminate ${replica.index}`)
    await replica.terminate()
    await replica.ready()
    await pause(500)
  },
}
