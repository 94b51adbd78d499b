import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../random.ts'
import type { StoreSide, World } from '../world/world.ts'
import type { Scenario } from './scenario.ts'
import { threeOnRedis } from './worlds.ts'

const SHIFT = new URL('../subjects/shifted-clock.ts', import.meta.url).href
const HOUR_MS = 3_600_000

const world = {
  ...threeOnRedis,
  env: (replica: number, dir: string) => ({
    NODE_OPTIONS: `--import ${SHIFT}`,
    CLOCK_FILE: clockFile(dir, replica),
  }),
}

function clockFile(dir: string, replica: number): string {
  return join(dir, `clock-${replica}`)
}

function setClock<Store extends StoreSide>({ dir }: World<Store>, replica: number, offsetMs: number): void {
  writeFileSync(clockFile(dir, replica), String(offsetMs))
}

/** Now and then a delivery fails, so that there are retries, whose times others must understand. */
async function plantRefusals({ rapidpro, rocketchat }: World, random: Random): Promise<void> {
  const fault = { kind: 'server-error', method: 'POST', probability: 0.1 } as const
  for (const [desk, route] of [
    [rapidpro, '/api/v2/messages.json'],
    [rocketchat, '/api/v1/livechat/message'],
  ] as const)
    await desk.addFault({ ...fault, route, seed: random.between(1, 1_000_000) })
}

export const clocks: Scenario = {
  name: 'clocks',
  about:
    'the clocks of replicas jump by up to 10 s, forward and back, while they run and before they start again',
  world,
  seconds: { short: 10, long: 90 },
  turns: { short: 3, long: 20 },
  async disturb({ world, random, turn, pause, note }) {
    if (turn === 0) await plantRefusals(world, random)
    await pause(random.between(300, 1_000))
    const replica = random.pick(world.replicas)
    const offset = random.between(-10_000, 10_000)
    note(`the clock of ${replica.index} is off by ${offset} ms`)
    setClock(world, replica.index, offset)
    await pause(random.between(300, 1_000))
    if (random.next() < 0.7) {
      note(`kill ${replica.index}`)
      replica.kill()
      await pause(2_500)
    }
  },
}

export const clockHour: Scenario = {
  name: 'clock-hour',
  about: 'the clock of one replica is an hour ahead when it starts, then an hour behind',
  world,
  seconds: { short: 10, long: 60 },
  turns: { short: 2, long: 4 },
  async disturb({ world, random, turn, pause, note }) {
    if (turn === 0) await plantRefusals(world, random)
    await pause(1_000)
    const offset = turn % 2 === 0 ? HOUR_MS : -HOUR_MS
    const replica = world.replicas[turn % world.replicas.length]
    if (!replica) throw new Error('no replica')
    note(`restart ${replica.index} with its clock off by ${offset} ms`)
    setClock(world, replica.index, offset)
    replica.kill()
    await pause(6_000)
    note(`restart ${replica.index} with its clock right`)
    setClock(world, replica.index, 0)
    replica.kill()
    await pause(2_500)
  },
}
