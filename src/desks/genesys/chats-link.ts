import { asMediatorError, type MediatorError } from '../../domain/errors.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Followed, Link, LinkDefinition } from '../desk.ts'
import { type Follower, type FollowerKit, followChat } from './chat-follower.ts'
import type { CustomerLeg } from './customer-leg.ts'
import { createLinkHealth } from './link-health.ts'
import { pause } from './pause.ts'
import type { Settings } from './settings.ts'
import { createSlots } from './slots.ts'
import type { Ears } from './translate.ts'

export type ChatsKit = { leg: CustomerLeg; clock: Clock; ears: Ears; poll: Settings['poll'] }

/** Reads all chats of live sessions by asking for them, again and again: neither customer interface tells of itself. */
export function createChatsLink(kit: ChatsKit): LinkDefinition {
  return { name: 'chats', run: link => run(kit, link) }
}

/** How often new and ended sessions are looked for, in ms. */
const LOOK_EVERY_MS = 1_000
/** Readings under way at once: a desk is asked by many chats, not by all of them together. */
const READINGS_AT_ONCE = 16

async function run(kit: ChatsKit, link: Link): Promise<void> {
  const broken = new AbortController()
  const signal = AbortSignal.any([link.signal, broken.signal])
  const health = createLinkHealth(link)
  const slots = createSlots(READINGS_AT_ONCE)
  const giveUp = (error: MediatorError): void => broken.abort(error)
  const followers = createFollowers({ ...kit, link, health, slots, signal, giveUp })
  while (!signal.aborted) {
    await look(link, followers, giveUp)
    if (followers.count() === 0) health.isIdle()
    const verdict = health.verdict(kit.clock.now())
    if (verdict) giveUp(verdict)
    await pause(LOOK_EVERY_MS, signal)
  }
  await followers.allLeft()
  if (!link.signal.aborted) throw broken.signal.reason
}

/** While the store is away those known are read on: what they hear is kept until it is back. */
async function look(link: Link, followers: Followers, giveUp: (error: MediatorError) => void): Promise<void> {
  try {
    followers.adopt(await link.sessions())
  } catch (thrown) {
    const error = asMediatorError(thrown)
    if (error.code !== 'STORE_UNAVAILABLE') return giveUp(error)
    link.log.warn({ reason: error.message }, 'the sessions cannot be asked for')
  }
}

type Followers = {
  /** Begins to follow who is new, and leaves who is gone. */
  adopt(live: Followed[]): void
  count(): number
  allLeft(): Promise<void>
}

function createFollowers(kit: FollowerKit): Followers {
  const followers = new Map<string, Follower>()
  const running = new Set<Promise<void>>()
  return {
    adopt(live) {
      const ids = new Set(live.map(({ session }) => session.id))
      for (const [id, follower] of followers) if (!ids.has(id)) drop(id, follower)
      for (const followed of live) if (!followers.has(followed.session.id)) follow(followed)
    },
    count: () => followers.size,
    allLeft: async () => void (await Promise.all(running)),
  }

  function drop(id: string, follower: Follower): void {
    follower.leave()
    followers.delete(id)
  }

  function follow(followed: Followed): void {
    const follower = followChat(kit, followed)
    followers.set(followed.session.id, follower)
    running.add(follower.done)
    void follower.done.finally(() => running.delete(follower.done))
  }
}
