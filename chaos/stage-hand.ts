import type { Scenario } from './scenarios/scenario.ts'
import { buildWorld, type World } from './world/world.ts'

/** Builds the worlds, and keeps one for the next scenario where that may be. */
export type StageHand = {
  /** A world in which everything is well, and how many messages were ever written in it. */
  prepare(scenario: Scenario): Promise<{ world: World; written: number }>
  /** `isSound`: nothing was broken in it. The logs of a broken one are kept. */
  leave(written: number, isSound: boolean): Promise<void>
  /** Takes down what still stands. */
  strike(): Promise<void>
}

/** Rocket.Chat's own pause is 20 s: in an outage nearly every conversation would stand still for longer than it lasts. */
const WEBHOOK_RETRY_MS = { short: 1_000, long: 5_000 }

/** In the short form scenarios of the same kind of world follow each other in one; in the long form each has its own. */
export function createStageHand(short: boolean): StageHand {
  let standing: { plan: Scenario['world']; world: World; written: number } | undefined
  const strike = async (keepLogs: boolean): Promise<void> => {
    await standing?.world.stop({ keepLogs })
    standing = undefined
  }
  return {
    async prepare({ world: plan }) {
      if (standing?.plan !== plan) {
        await strike(false)
        const world = await buildWorld({
          ...plan,
          webhookRetryMs: WEBHOOK_RETRY_MS[short ? 'short' : 'long'],
        })
        standing = { plan, world, written: 0 }
      }
      const { replicas, taps } = standing.world
      await Promise.all(replicas.map(replica => replica.ready()))
      for (const tap of taps) tap.calls.length = 0
      return { world: standing.world, written: standing.written }
    },
    async leave(written, isSound) {
      if (standing) standing.written = written
      if (!isSound || !short) await strike(!isSound)
    },
    strike: () => strike(false),
  }
}
