import { createLedger, DIRECTIONS, type Direction, type Ledger } from './judge/ledger.ts'
import { talkAsAgent, watchWebhooks } from './load/agents.ts'
import { type Refusals, talkAsClient } from './load/clients.ts'
import { type Conversation, openConversations } from './load/conversations.ts'
import { createPace, type Pace } from './load/pace.ts'
import type { Progress } from './progress.ts'
import type { Random } from './random.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { settle } from './settle.ts'
import { type Result, reach } from './verdict.ts'
import { watchLaw } from './watch-law.ts'
import { complaintsSince, countComplaints } from './world/complaints.ts'
import { pause } from './world/wait.ts'
import type { StoreSide, World } from './world/world.ts'

export type Play<Store extends StoreSide> = {
  scenario: Scenario<Store>
  seed: number
  world: World<Store>
  short: boolean
  /** To be acknowledged in each direction. */
  messages: number
  conversations: number
  /** The number of the first message: nothing of an earlier scenario in this world may be taken for one of this. */
  firstNumber: number
  random: Random
  progress: Progress
}

type Talk<Store extends StoreSide> = Play<Store> & {
  ledger: Ledger
  talking: Conversation[]
  refusals: Refusals
  /** Ends the load at once, when nothing more can come of it. */
  halt: AbortController
}

const BRIEFLY_MS = 100

/** Plays one scenario in a world that is well, and judges it. */
export async function runScenario<Store extends StoreSide>(play: Play<Store>): Promise<Result> {
  const { scenario, world, random, progress } = play
  const before = await countComplaints(world)
  const talking = await openConversations(world, play.conversations)
  const ledger = createLedger(play.firstNumber)
  watchWebhooks(world.front, ledger)
  const law = watchLaw(world, random.fork('law'))
  try {
    await law.look()
    const started = Date.now()
    const refusals: Refusals = new Map()
    const notes = await talkAndDisturb({ ...play, ledger, talking, refusals, halt: new AbortController() })
    progress.say('settling')
    const screens = await settle(world, ledger, talking, law)
    const complaints = complaintsSince(before, await countComplaints(world))
    return reach({
      scenario: scenario.name,
      seed: play.seed,
      started,
      world,
      ledger,
      screens,
      law,
      refusals,
      complaints,
      notes,
    })
  } finally {
    await law.stop()
  }
}

async function talkAndDisturb<Store extends StoreSide>(talk: Talk<Store>): Promise<string[]> {
  const { scenario, world, short, messages, random, progress, ledger, halt } = talk
  const notes: string[] = []
  const started = Date.now()
  let turn = 0
  const form = short ? 'short' : 'long'
  const turns = scenario.turns[form]
  const leastMs = short ? 0 : 1000 * scenario.seconds[form]
  const isOver = (): boolean => turn >= turns
  const isEnough = (): boolean => isOver() && Date.now() - started >= leastMs
  const isUsedUp = (): boolean => DIRECTIONS.every(one => ledger.countAcknowledged(one) >= messages)
  const show = setInterval(() => progress.count(ledger, turn), 500)
  const note = (text: string): void =>
    void notes.push(`+${((Date.now() - started) / 1000).toFixed(1)} s ${text}`)
  const countRefused = (): number => talk.refusals.get(503) ?? 0
  const load = Promise.all(startLoad(talk, isOver, isEnough))
  // Looked at by `await load` below; until then there is nothing left to wait for.
  load.catch(() => halt.abort())
  try {
    while (!halt.signal.aborted && !(isOver() && isUsedUp())) {
      // The rest is written among nothing: what every turn slows down would never come to its end among endless turns.
      if (isEnough()) await pause(BRIEFLY_MS)
      else {
        await scenario.disturb({ world, random, short, turn, pause, countRefused, note })
        // Only now: whoever writes must not take the last turn for over before it has begun.
        turn++
      }
    }
    await world.heal()
    await load
  } finally {
    halt.abort()
    clearInterval(show)
    await load.catch(() => undefined)
  }
  return notes
}

function startLoad<Store extends StoreSide>(
  talk: Talk<Store>,
  isOver: () => boolean,
  isEnough: () => boolean,
): Promise<void>[] {
  const { scenario, world, short, messages, random, ledger, talking, refusals, halt } = talk
  const form = short ? 'short' : 'long'
  const overMs = 1000 * scenario.seconds[form]
  const turns = scenario.turns[form]
  const hurries = (): boolean => turns > 0 && isEnough()
  const pacing = { messages, overMs, conversations: talking.length, isOver, hurries, halted: halt.signal }
  const paceOf = (direction: Direction, { index }: Conversation): Pace =>
    createPace(pacing, ledger, direction, random.fork(`${direction}/${index}`))
  const agents = { burst: scenario.burst ?? 1, webhookRetryMs: world.webhookRetryMs }
  return talking.flatMap(one => [
    talkAsClient(world, ledger, one, paceOf('to_agent', one), refusals),
    talkAsAgent(world, ledger, one, paceOf('to_client', one), agents),
  ])
}
