import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Depot, startDepot } from './stores.ts'
import { type Script, startTroubles, type Trouble } from './troubles.ts'

const TOLD_WITHIN_MS = 30_000

const TROUBLES: Trouble[] = [
  'refused at once',
  'no answer in 7 s',
  'upload that breaks after 20 s',
  'breaker open',
  'wait 11 s',
]

/** Whatever two things go wrong first, and whatever goes wrong from then on. */
const SCRIPTS: Script[] = TROUBLES.flatMap(a =>
  TROUBLES.flatMap(b => TROUBLES.map(c => ({ name: `${a}, ${b}, ${c}`, troubles: [a, b, c] }))),
)

/** After so long the replica that took the texts is gone, and the other takes them up when its turns have run out. */
const DEATHS = [undefined, 0, 4_000, 9_750, 12_000, 13_250, 22_500]

let depot: Depot
beforeAll(async () => {
  depot = await startDepot('sqlite')
})
afterAll(() => depot.stop())

it.each(DEATHS)('who wrote is told once, within 30 s, and a replica is gone after %s ms', async death => {
  const troubles = await startTroubles(await depot.open(), SCRIPTS)
  await troubles.write(death)
  await troubles.clock.pass(TOLD_WITHIN_MS - (death ?? 0))
  const late = SCRIPTS.filter(({ name }) => !troubles.told.has(name)).map(({ name }) => name)
  await troubles.clock.pass(10_000)
  const twice = SCRIPTS.filter(({ name }) => (troubles.told.get(name)?.length ?? 0) > 1)
  await troubles.stop()
  expect({ late, twice }).toEqual({ late: [], twice: [] })
})

/** More than there is room for at once at a desk that fails. */
const CROWD: Script[] = Array.from({ length: 600 }, (_, n) => ({
  name: `client ${n}`,
  troubles: n % 2 ? ['no answer in 7 s'] : ['refused at once', 'no answer in 7 s'],
}))

it.each([undefined, 9_750])(
  'so is a crowd at a desk that hangs, and a replica is gone after %s ms',
  async death => {
    const troubles = await startTroubles(await depot.open(), CROWD, 'desk')
    await troubles.write(death)
    await troubles.clock.pass(TOLD_WITHIN_MS - (death ?? 0))
    const late = CROWD.filter(({ name }) => !troubles.told.has(name))
    await troubles.stop()
    expect(late).toEqual([])
  },
)
