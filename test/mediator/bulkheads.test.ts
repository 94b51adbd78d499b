import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES } from '../support/world.ts'
import { type Depot, startDepot } from './stores.ts'
import { startTwoDesks, type TwoDesks } from './two-desks.ts'

const named = (desk: string, many: number): string[] => Array.from({ length: many }, (_, i) => `${desk}${i}`)

/** In the order in which they came in, it would be the turn of those of the other desk after ten looks. */
const MANY = named('a', 2_000)
const FEW = named('b', 20)
const SOON = 6

describe.each(STORES)('one desk does not hold up another, on %s', kind => {
  let depot: Depot
  let desks: TwoDesks
  beforeAll(async () => {
    depot = await startDepot(kind)
  })
  afterAll(() => depot.stop())
  beforeEach(async () => {
    desks = startTwoDesks(await depot.open())
  })
  afterEach(() => desks.stop())

  it.each(['dead', 'hanging'] as const)('that is %s and has thousands of mailboxes due', async mood => {
    desks.moods.a = mood
    await desks.leaveLying('a', MANY, ['to a'])
    await desks.leaveLying('b', FEW, ['to b'])
    const looks = await desks.lookUntil(() => desks.read.size === FEW.length, SOON)
    expect(looks).toBeLessThanOrEqual(SOON)
    // One more at each look, however many there are: none must wait for ever.
    expect(desks.worker.crowd.size()).toBeLessThanOrEqual(256 + SOON)
  })

  it('and gets everything, in order, when it is back', async () => {
    const texts = named('text ', 10)
    const clients = MANY.slice(0, 200)
    desks.moods.a = 'dead'
    await desks.leaveLying('a', clients, texts)
    await desks.lookUntil(() => desks.worker.crowd.isAiling('a'), SOON)
    desks.moods.a = 'well'
    desks.skip(60_000)
    desks.sweep.start()
    await until('the last has everything', () =>
      clients.every(client => desks.read.get(client)?.length === texts.length),
    )
    for (const client of clients) expect(desks.read.get(client)).toEqual(texts)
  })
})
