import { vi } from 'vitest'
import type { Outcome, Store } from '../../src/store/store.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { startDoorless } from './doorless.ts'
import { connectScenes, DESK } from './race-desk.ts'
import { type Course, createLane, DEEDS, type Kept, type Lane } from './race-lane.ts'
import type { Choice, Plan } from './race-words.ts'

const SECOND = 1000
const DAY = 86_400_000
/** Longer than a bot's call is held, so that all callers have been answered. */
const ALL_ANSWERED_MS = 9 * SECOND
/** The first retry comes after 2 s. */
const RETRY_MS = 3 * SECOND

/** Lives through plans that share a clock, step by step side by side, and lets everything come to rest. */
export async function run(store: Store, plans: Plan[]): Promise<Lane[]> {
  const race = startRace(store, plans)
  const { lanes, course } = race
  await Promise.all(
    lanes.map(lane => course.mediator.register(lane.client, DESK)).concat(race.rest() as never),
  )
  const length = plans[0]?.word.length ?? 0
  for (let place = 0; place < length; place += 1) {
    race.next()
    await takeStep(race, place)
    await letThrough(race, place)
  }
  await calmDown(race)
  vi.useRealTimers()
  return lanes
}

type Race = {
  lanes: Lane[]
  course: Course
  clock: FakeClock
  next(): void
  rest(): Promise<void>
  pass(ms: number): Promise<void>
  /** At once, with everything that has fallen due meanwhile. */
  jump(ms: number): Promise<void>
}

function startRace(real: Store, plans: Plan[]): Race {
  let busy = 0
  let step = 0
  const byClient = new Map<string, Lane>()
  const clock = createFakeClock(() => busy > 0)
  const store = watch(real, byClient, change => {
    busy += change
  })
  const find = (client: string): Lane => byClient.get(client) as Lane
  const sides = connectScenes(find, clock, () => step)
  const course = { mediator: startDoorless(store, sides, clock), now: clock.now, step: () => step }
  const lanes = plans.map((plan, n) => createLane(plan, `${n}`, course))
  for (const lane of lanes) byClient.set(lane.client, lane)
  const sweep = async () => {
    for (let looks = 0; looks < 60 && (await real.due(clock.now(), 1)).length > 0; looks += 1) {
      const looked = course.mediator.sweep.once()
      // What it only starts, it leaves by a timer of no time.
      await clock.pass(1)
      await looked
    }
  }
  return {
    lanes,
    course,
    clock,
    next: () => {
      step += 1
      clock.jump(20)
    },
    rest: () => clock.rest(),
    async pass(ms) {
      for (let left = ms; left > 0; left -= SECOND) {
        await clock.pass(Math.min(SECOND, left))
        await sweep()
      }
    },
    async jump(ms) {
      clock.jump(ms)
      await sweep()
    },
  }
}

/** Notes what the store takes on, in the order in which it does. */
function watch(real: Store, byClient: Map<string, Lane>, onCall: (change: 1 | -1) => void): Store {
  const kept = new Map<string, Kept>()
  const counted = async <T>(answer: Promise<T>): Promise<T> => {
    onCall(1)
    return answer.finally(() => onCall(-1))
  }
  const noting: Pick<Store, 'register' | 'accept' | 'settle'> = {
    async register(draft, opening, now) {
      const registration = await counted(real.register(draft, opening, now))
      if (registration.outcome === 'created') {
        const one: Kept = { accepted: { toAgent: [], toClient: [] } }
        kept.set(registration.work.session.id, one)
        byClient.get(draft.client.uuid)?.sessions.set(registration.work.session.id, one)
      }
      return registration
    },
    async accept(letter, now) {
      const acceptance = await counted(real.accept(letter, now))
      if (acceptance.outcome !== 'accepted') return acceptance
      const one = kept.get(acceptance.session.id)
      one?.accepted[letter.direction === 'to_agent' ? 'toAgent' : 'toClient'].push(...letter.entries)
      if (one && letter.ending) one.reason ??= letter.ending.reason
      return acceptance
    },
    async settle(turn, head, outcome: Outcome, now) {
      const settlement = await counted(real.settle(turn, head, outcome, now))
      const one = kept.get(turn.session)
      if (one && outcome.kind === 'removed' && outcome.ending && settlement.outcome === 'settled')
        one.reason ??= outcome.ending.reason
      return settlement
    },
  }
  return new Proxy(real, {
    get: (store, name) =>
      Reflect.get(noting, name) ??
      ((...args: unknown[]) =>
        counted((Reflect.get(store, name) as (...a: unknown[]) => Promise<unknown>)(...args))),
  })
}

async function takeStep(race: Race, place: number): Promise<void> {
  const { lanes, course } = race
  const at = (lane: Lane): string => lane.plan.word[place] as string
  for (const lane of lanes) {
    const { gated, time } = lane.plan
    if (gated) lane.gate = gated.at
    DEEDS[at(lane)]?.(lane, course)
    if (at(lane) === 'T' && time === 'silent') lane.fate = 'silent'
  }
  await race.rest()
  const [first] = lanes
  if (first && at(first) === 'R') {
    await race.pass(RETRY_MS)
    for (const lane of lanes) lane.fate = 'down'
  }
  if (first && at(first) === 'T' && first.plan.time === 'idle') await idle(race)
}

/** Only what has come to rest can idle; and nobody repeats a call after a week. */
async function idle(race: Race): Promise<void> {
  await drain(race)
  await race.pass(ALL_ANSWERED_MS)
  await race.jump(60 * SECOND)
  for (const lane of race.lanes) {
    lane.ends.push({ at: race.clock.now() + 7 * DAY, by: 'idle' })
    lane.repeat = () => undefined
    if (lane.plan.gated) lane.gate = lane.plan.gated.at
  }
  await race.jump(7 * DAY)
}

async function letThrough(race: Race, place: number): Promise<void> {
  for (const lane of race.lanes) release(lane, lane.plan.gated?.choices[place] ?? '-')
  await race.rest()
}

function release({ held }: Lane, choice: Choice): boolean {
  if (choice === '-') return false
  const one = choice === 'o' ? held.shift() : held.pop()
  one?.go()
  return one !== undefined
}

/** Lets through what waits, one call after the other, and from then on everything. */
async function drain(race: Race): Promise<void> {
  while (race.lanes.map(lane => release(lane, lane.plan.gated?.last ?? 'o')).some(Boolean)) await race.rest()
  for (const lane of race.lanes) delete lane.gate
}

/** All goes well from here on; time passes until nothing is left to do. */
async function calmDown(race: Race): Promise<void> {
  race.next()
  await drain(race)
  for (const lane of race.lanes) delete lane.fate
  await race.pass(ALL_ANSWERED_MS)
  for (let looks = 0; looks < 4; looks += 1) {
    await race.jump(60 * SECOND)
    for (const lane of race.lanes) for (const again of lane.unheard.splice(0)) again()
    await race.pass(SECOND)
  }
  await race.pass(ALL_ANSWERED_MS)
}
