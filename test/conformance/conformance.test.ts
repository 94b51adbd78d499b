import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { exceptions } from '../../conformance/exceptions.ts'
import { suite } from '../../conformance/suite.ts'
import { startTrial, type Trial } from '../../conformance/trial.ts'
import { stages } from '../../simulators/stages.ts'
import { deskDefinitions } from '../../src/desks/registry.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { STORES } from '../support/world.ts'

const worlds = deskDefinitions.flatMap(({ type }) => STORES.map(store => ({ type, store })))

// Each has a desk, a bot and a store of its own, so all go at once; within one the cases take turns.
for (const { type, store } of worlds)
  describe.concurrent(type, () => {
    describe(`on ${store}`, { concurrent: false }, () => {
      let redis: RedisServer | undefined
      let trial: Trial
      beforeAll(async () => {
        redis = store === 'redis' ? await startRedis() : undefined
        const startStage = stages[type]
        if (!startStage) throw new Error(`simulators/stages.ts has no stage for the desk type ${type}`)
        trial = await startTrial({ startStage, ...(redis && { redisUrl: redis.url }) })
      })
      afterAll(async () => {
        await trial?.stop()
        await redis?.stop()
      })
      afterEach(() => trial.stage.faults.clear())

      const mine = suite.filter(({ name, replicas }) => {
        const excepted = exceptions[type]?.[name] !== undefined
        return !excepted && (replicas !== true || store === 'redis')
      })
      it.each(mine)('$name: $promise', async ({ name, canTry, run }) => {
        if (!canTry(trial.stage))
          throw new Error(`conformance/exceptions.ts has no reason for ${type}, ${name}`)
        await run(trial)
      })

      it('has reasons only for what cannot be tried', () => {
        const excepted = suite.filter(({ name }) => exceptions[type]?.[name] !== undefined)
        expect(excepted.filter(({ canTry }) => canTry(trial.stage)).map(({ name }) => name)).toEqual([])
        expect(mine.filter(({ canTry }) => !canTry(trial.stage)).map(({ name }) => name)).toEqual([])
      })
    })
  })
