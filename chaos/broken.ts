import type { Judgement } from './judge/judge.ts'
import type { Balance } from './judge/law.ts'
import { DIRECTIONS, type Direction } from './judge/ledger.ts'
import type { Refusals } from './load/clients.ts'
import type { LawWatch } from './watch-law.ts'

/** What the metrics themselves get wrong. */
export function brokenLaws({ scrapes, breaches, missing, last }: LawWatch): string[] {
  const broken = breaches.map(line => `the law is broken: ${line}`)
  if (scrapes === 0) broken.push('NO METRICS: mediator_entries_total and mediator_waiting were never there')
  else if (missing > 0) broken.push(`no balance in the metrics, ${missing} times, while all was well`)
  const left = last.filter(({ waiting }) => waiting !== 0)
  return [...broken, ...left.map(one => `still waiting: ${one.waiting} ${one.direction} "${one.desk}"`)]
}

/** Every entry but the openings is a message or a notice that somebody sees; so the metrics must say what the ledger says. */
export function disagreements({ first, last }: LawWatch, judgement: Judgement): string[] {
  if (first.length === 0 || last.length === 0) return []
  return DIRECTIONS.flatMap(direction => {
    const delivered = countOf(last, direction) - countOf(first, direction)
    const least = judgement.arrived[direction]
    const most = least + judgement.notices[direction]
    if (delivered >= least && delivered <= most) return []
    return [`the metrics say ${delivered} delivered ${direction}, the other side shows ${least} to ${most}`]
  })
}

function countOf(balances: Balance[], wanted: Direction): number {
  return balances
    .filter(({ direction }) => direction === wanted)
    .reduce((total, { delivered }) => total + delivered, 0)
}

/** 503 and no answer are what a caller may meet; everything else says no for good to a message that is in order. */
export function brokenRefusals(refusals: Refusals): string[] {
  return [...refusals]
    .filter(([status]) => status !== 503 && status !== 0)
    .map(([status, count]) => `${count} calls of clients were answered ${status}`)
}
