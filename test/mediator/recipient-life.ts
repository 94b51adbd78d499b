import { vi } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startDoorless } from './doorless.ts'
import { begin, type Happening, type Mouth, type Play } from './recipient-happenings.ts'
import { connectWorld, createWorld } from './recipient-world.ts'

/** So many happen at once, before all comes to rest. */
const AT_ONCE = 20

/** What went to somebody it was not for, and what was owed and came to nobody. */
export async function live(store: Store, given: Happening[], mouth: Mouth): Promise<string[]> {
  let busy = 0
  const clock = createFakeClock(() => busy > 0)
  const counted = countCalls(store, change => {
    busy += change
  })
  const world = createWorld()
  const mediator = startDoorless(counted, connectWorld(world, clock.now), clock)
  const play: Play = { world, mediator, store: counted, now: clock.now, mouth, told: [] }
  const takeAll = async (part: Happening[] = []): Promise<void> => {
    for (const happening of part) {
      clock.jump(5)
      begin(play, happening)
    }
    await clock.rest()
  }
  try {
    for (let n = 0; n < given.length; n += AT_ONCE) {
      const burst = Object.groupBy(given.slice(n, n + AT_ONCE), ({ kind }) =>
        kind === 'stray' ? 'stray' : 'other',
      )
      await takeAll(burst.other)
      await takeAll(burst.stray)
      world.burst += 1
      clock.jump(1000)
      await mediator.sweep.once()
      await clock.rest()
    }
    return [...new Set([...world.wrong, ...missing(play)])]
  } finally {
    vi.useRealTimers()
  }
}

/** What was taken came once; were nothing taken, nothing could be wrong. */
function missing({ told, world }: Play): string[] {
  const taken = told.filter(({ answer }) => answer === 'success')
  const lost = taken.filter(({ id }) => world.arrived.get(id) !== 1)
  const few =
    taken.length < told.length / 10 ? [`only ${taken.length} of ${told.length} texts were taken`] : []
  return [
    ...few,
    ...lost.map(({ id, how }) => `a text was taken and came ${world.arrived.get(id) ?? 0} times (${how})`),
  ]
}

function countCalls(store: Store, onCall: (change: 1 | -1) => void): Store {
  return new Proxy(store, {
    get:
      (target, name) =>
      (...args: unknown[]) => {
        onCall(1)
        const call = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>
        return call(...args).finally(() => onCall(-1))
      },
  })
}
