import { brokenLaws, brokenRefusals, disagreements } from './broken.ts'
import { describeMessage } from './describe.ts'
import { countExcused, type TappedCall, type Troubles } from './judge/excuses.ts'
import { type Doubled, type Judgement, judge, type Screen } from './judge/judge.ts'
import type { Ledger, Written } from './judge/ledger.ts'
import { percentile } from './judge/percentile.ts'
import type { Refusals } from './load/clients.ts'
import type { LawWatch } from './watch-law.ts'
import type { StoreSide, World } from './world/world.ts'

/** p50, p95 and p99, in ms. */
export type Spread = [p50: number, p95: number, p99: number]

/** What a scenario came to. */
export type Result = {
  scenario: string
  seed: number
  /** Acknowledged, both ways together, and what was written but never acknowledged. */
  messages: number
  unacknowledged: number
  lost: number
  reordered: number
  /** Shown to somebody else. */
  strange: number
  /** Where the vendor knows ids, and where it does not. */
  doubledWithId: number
  doubledWithoutId: number
  excused: number
  unexcused: number
  /** The mediator's own words that were shown. */
  notices: number
  /** Of the calls that were acknowledged. */
  accept: Spread
  /** From the first asking to the arrival. */
  delivery: Spread
  scrapes: number
  /** Answers beside 200 and 202, by status; 0 is none. */
  refusals: Record<string, number>
  /** What the replicas logged as errors. */
  complaints: Record<string, number>
  seconds: number
  /** Every promise that was broken, with what there is to know about it. */
  broken: string[]
  notes: string[]
}

export type Evidence<Store extends StoreSide> = {
  scenario: string
  seed: number
  started: number
  world: World<Store>
  ledger: Ledger
  screens: Screen[]
  law: LawWatch
  refusals: Refusals
  complaints: Record<string, number>
  notes: string[]
}

export function reach<Store extends StoreSide>(evidence: Evidence<Store>): Result {
  const { world, ledger, screens, law, refusals } = evidence
  const written = ledger.all()
  const judgement = judge(written, screens)
  const calls = world.taps.flatMap(tap => tap.calls)
  const doubles = weighDoubles(judgement, calls, troublesOf(world))
  const messages = written.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).length
  const tell = (message: Written): string =>
    describeMessage(message, { screens, calls, since: evidence.started })
  return {
    scenario: evidence.scenario,
    seed: evidence.seed,
    messages,
    unacknowledged: written.length - messages,
    lost: judgement.lost.length,
    reordered: judgement.reordered.length,
    strange: judgement.strange.length,
    ...doubles.counts,
    notices: judgement.notices.to_agent + judgement.notices.to_client,
    accept: spread(ledger.accepts),
    delivery: spread(judgement.deliveries),
    scrapes: law.scrapes,
    refusals: Object.fromEntries(refusals),
    complaints: evidence.complaints,
    seconds: Math.round((Date.now() - evidence.started) / 1000),
    notes: evidence.notes,
    broken: [
      ...judgement.lost.map(message => `lost: ${tell(message)}`),
      ...judgement.reordered.map(message => `reordered: ${tell(message)}`),
      ...judgement.strange.map(({ message, shownIn }) => `shown in ${shownIn}: ${tell(message)}`),
      ...doubles.blamed.map(message => `doubled: ${tell(message)}`),
      ...brokenLaws(law),
      ...disagreements(law, judgement),
      ...brokenRefusals(refusals),
      ...world.replicas.flatMap(({ crashes }) => crashes),
    ],
  }
}

/** Rocket.Chat knows ids: nothing may double there. RapidPro does not. */
function weighDoubles({ doubled }: Judgement, calls: TappedCall[], troubles: Troubles) {
  const withId = doubled.filter(({ message }) => message.direction === 'to_agent')
  const withoutId = doubled.filter(({ message }) => message.direction === 'to_client')
  const excusedOf = ({ message: { number }, copies }: Doubled): number =>
    countExcused(
      calls.filter(call => call.number === number),
      copies,
      troubles,
    )
  const excused = sum(withoutId.map(excusedOf))
  const doubledWithoutId = sum(withoutId.map(({ copies }) => copies))
  const blamed = [...withId, ...withoutId.filter(one => excusedOf(one) < one.copies)]
  return {
    counts: {
      doubledWithId: sum(withId.map(({ copies }) => copies)),
      doubledWithoutId,
      excused,
      unexcused: doubledWithoutId - excused,
    },
    blamed: blamed.map(({ message }) => message),
  }
}

function troublesOf<Store extends StoreSide>({ replicas, store }: World<Store>): Troubles {
  return { replica: index => replicas[index]?.troubles ?? [], store: () => store.troubles }
}

function spread(values: number[]): Spread {
  return [percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0.99)]
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
