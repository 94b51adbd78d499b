import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, type StoreKind } from '../support/world.ts'
import { canariesIn, ofClient, ofMessages } from './privacy-canaries.ts'
import { type Caller, dismiss, handOver, leave, talk } from './privacy-flows.ts'
import { troubleAtBot, troubleAtDesk, troubleAtDoor } from './privacy-trouble.ts'
import { type Post, type PrivacyWorld, startPrivacyWorld } from './privacy-world.ts'

const FORGOTTEN_WITHIN_MS = 15_000
const PLAYED_WITHIN_MS = 120_000

/** One after the other everything happens that can go well or wrong, with all kinds of desks. */
async function play(world: PrivacyWorld): Promise<Omit<Play, 'world'>> {
  const meetAll = (tag: string) => Promise.all(world.posts.map(post => handOver(world, post, tag)))
  const [leaving, dismissed, staying, unheard] = await Promise.all([
    meetAll('leaving'),
    meetAll('dismissed'),
    meetAll('staying'),
    meetAll('unheard'),
  ])
  const known = await world.store.find()
  await Promise.all([leaving, dismissed, staying].map(callers => converse(world, callers)))
  await Promise.all(leaving.map(caller => leave(world, caller)))
  await Promise.all(dismissed.map((caller, i) => dismiss(world, world.posts[i] as Post, caller)))
  const delivered = staying.flatMap(({ canaries }) => ofMessages(canaries))
  const left = [...leaving, ...dismissed].flatMap(({ canaries }) => [
    ...ofClient(canaries),
    ...ofMessages(canaries),
  ])
  const [remembered] = await Promise.all([forget(world, [...delivered, ...left]), trouble(world, unheard)])
  return { known, delivered, left, remembered }
}

type Play = {
  world: PrivacyWorld
  /** What was in the store while it had to be there. */
  known: string[]
  /** What must not be there any more: what was said in a conversation that goes on, and all of whose has ended. */
  delivered: string[]
  left: string[]
  /** Of that, what was there all the same after a while. */
  remembered: string[]
}

async function converse(world: PrivacyWorld, callers: Caller[]): Promise<void> {
  await Promise.all(world.posts.map((post, i) => talk(world, post, callers[i] as Caller)))
}

async function trouble(world: PrivacyWorld, unheard: Caller[]): Promise<void> {
  const atDesks = world.posts.map(post => troubleAtDesk(world, post))
  await Promise.all([...atDesks, troubleAtBot(world, unheard), troubleAtDoor(world)])
  await world.ask('GET', '/live-agents/dead-letters')
}

async function forget(world: PrivacyWorld, canaries: string[]): Promise<string[]> {
  let remembered = canaries
  const look = async () => {
    const found = new Set(await world.store.find())
    remembered = canaries.filter(canary => found.has(canary))
    return remembered.length === 0
  }
  await until('it is forgotten', look, FORGOTTEN_WITHIN_MS).catch(() => undefined)
  return remembered
}

const worlds = new Map<StoreKind, PrivacyWorld>()
const plays = new Map<StoreKind, Play>()
beforeAll(async () => {
  for (const kind of STORES) worlds.set(kind, await startPrivacyWorld(kind))
  // Both at once: most of the time is spent waiting for retries.
  await Promise.all(
    [...worlds].map(async ([kind, world]) => plays.set(kind, { world, ...(await play(world)) })),
  )
}, PLAYED_WITHIN_MS)
afterAll(() => Promise.all([...worlds.values()].map(world => world.stop())))

describe.each(STORES)('on %s', kind => {
  const played = () => plays.get(kind) as Play

  it('everything has happened: nothing would be found where nothing was', async () => {
    const { world, known, left } = played()
    const { rapidpro, posts, mediator } = world
    for (const { stage, mirror } of posts) {
      expect(mirror.refused, stage.type).toBeGreaterThanOrEqual(5)
    }
    expect(world.bot.refused).toBeGreaterThanOrEqual(5)
    expect(canariesIn(JSON.stringify([...rapidpro.state.contacts.values()]))).not.toEqual([])
    const { text } = await world.ask('GET', '/live-agents/dead-letters')
    const { dead_letters } = JSON.parse(text) as { dead_letters: { direction: string }[] }
    const directions = dead_letters.map(({ direction }) => direction)
    expect(directions.filter(one => one === 'to_agent').length).toBeGreaterThanOrEqual(4)
    expect(directions.filter(one => one === 'to_client').length).toBeGreaterThanOrEqual(2)
    expect(mediator.log.filter(({ level }) => Number(level) <= 20).length).toBeGreaterThan(100)
    expect(left.filter(canary => known.includes(canary))).not.toEqual([])
  })

  it('no log has anybody’s name, number, words or files, nor a key, nor one that was blotted out', () => {
    const { world } = played()
    const text = world.mediator.text()
    expect(canariesIn(text)).toEqual([])
    expect(world.secrets.filter(secret => text.includes(secret))).toEqual([])
    expect(text.split('\n').filter(line => line.includes('***'))).toEqual([])
  })

  it('no answer has any', async () => {
    const { world } = played()
    for (const path of ['/metrics', '/health/live', '/health/ready', '/openapi.json', '/docs'])
      await world.ask('GET', path)
    const telling = world.answers.filter(answer => canariesIn(answer).length > 0)
    expect(telling).toEqual([])
    expect(world.secrets.filter(secret => world.answers.some(answer => answer.includes(secret)))).toEqual([])
  })

  it('the store forgets messages when they are delivered', () => {
    const { delivered, remembered } = played()
    expect(remembered.filter(canary => delivered.includes(canary))).toEqual([])
  })

  it('the store forgets whose conversation has ended, and all they said', () => {
    const { left, remembered } = played()
    expect(remembered.filter(canary => left.includes(canary))).toEqual([])
  })
})
