import { expect } from 'vitest'
import { countWaiting } from '../support/count-waiting.ts'
import { type Called, CUT, isCarriedOut } from '../support/fake-sides.ts'
import type { Given, Life } from './life.ts'
import type { Mortal } from './mortal.ts'

/** What is promised, held against everything the outside has seen. */
export async function balance(life: Life): Promise<void> {
  const { calls } = life.outside
  const dead = (await life.store.deadLetters({ limit: 1000 })).map(({ id }) =>
    id.split('.').slice(1).join('.'),
  )
  expect(await countWaiting(life.store)).toEqual({ to_agent: 0, to_client: 0 })
  checkArrival(life.said, done(calls, 'say'), dead, 'a')
  checkArrival(life.heard, done(calls, 'tell'), dead, 'c')
  checkArrival(life.closings, [], dead, 'c', done(calls, 'hand-back').length)
  checkOrder(life.said, done(calls, 'say'))
  checkOrder(life.heard, done(calls, 'tell'))
  checkDoubles(done(calls, 'tell'))
  checkDoubles(done(calls, 'hand-back'))
  checkIds(done(calls, 'say'))
}

/** Our own notices may be said more than once. */
const isTheirs = (text: string): boolean => /^(ana|ben) says|^to (ana|ben)/.test(text)

function done(calls: Called[], action: Called['action']): Called[] {
  return calls.filter(call => call.action === action && isCarriedOut(call))
}

const partsOf = ({ text }: Given): string[] => text.split(CUT)

/** Nothing that was promised is lost: it came, or it is kept as dead. */
function checkArrival(given: Given[], came: Called[], dead: string[], letter: string, ends?: number): void {
  const texts = new Set(came.map(({ text }) => text))
  const isDead = (entry: string) =>
    dead.some(id => id === `${letter}.${entry}` || id.startsWith(`${letter}.${entry}.`))
  const lost = given
    .filter(({ promised }) => promised)
    .filter(one => !isDead(one.entry) && !partsOf(one).every(part => texts.has(part)))
  if (ends === undefined) expect(lost).toEqual([])
  else expect(ends).toBeGreaterThanOrEqual(lost.length)
}

/** In each session what came first, came in the order in which it was given. */
function checkOrder(given: Given[], came: Called[]): void {
  const order = given.flatMap(partsOf)
  for (const session of new Set(came.map(call => call.session))) {
    const texts = came.filter(call => call.session === session).map(({ text }) => text)
    const places = [...new Set(texts.filter(isTheirs))].map(text => order.indexOf(text))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  }
}

/** In each session a text goes by one id however often it is sent, and the desk keeps one of each id. */
function checkIds(came: Called[]): void {
  const theirs = came.filter(({ text }) => isTheirs(text))
  const texts = new Set(theirs.map(({ session, text }) => `${session} ${text}`))
  expect(new Set(theirs.map(({ id }) => id)).size).toBe(texts.size)
}

/** Where the side knows no ids, twice only after an answer that got lost, on the way or with its process. */
function checkDoubles(came: Called[]): void {
  const seen = new Map<string, Called[]>()
  for (const call of came) {
    if (call.action === 'tell' && !isTheirs(call.text)) continue
    const key = `${call.session} ${call.action === 'tell' ? call.text : ''}`
    seen.set(key, [...(seen.get(key) ?? []), call])
  }
  for (const same of seen.values()) {
    const excused = same.filter(call => call.fate === 'lost' || (call.by as Mortal).diedAt !== undefined)
    expect(same.length).toBeLessThanOrEqual(1 + excused.length)
  }
}
