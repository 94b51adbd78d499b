import { asMediatorError } from '../../../domain/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Followed, Link } from '../../desk.ts'
import type { Answer, Refused } from '../answer.ts'
import { createIdentity, type Identity } from './identity.ts'
import { createRelayedChat, type RelayedChat } from './relayed-chat.ts'
import type { Work } from './work.ts'

export type RelayKit = {
  link: Link
  clock: Clock
  /** By these a seat is known in addresses. */
  names(): ReadonlySet<string>
  nickname: string
  /** Has the history told again; undefined where the desk cannot. */
  requestHistory: ((interaction: string) => Promise<Answer>) | undefined
}

type Known = {
  chat: RelayedChat
  identity: Identity
  /** From the list of what the seat has in hand. */
  isMissing: boolean
  /** The round of catching up in which it was last seen in hand: a list asked for before that proves nothing. */
  seenIn?: number
}

/** What is heard of an interaction without a session is kept this long: its session may just be on its way. In ms. */
const KEPT_MS = 60_000
const LOOK_EVERY_MS = 1_000

/** Code [D] of an interaction that is over and forgotten. */
const NOT_FOUND = 6

/** Carries what agents say in the interactions the seat is in, where there is no customer's part of ours. */
export function createRelay(kit: RelayKit): Work {
  const { link, clock } = kit
  const known = new Map<string, Known>()
  let lookAt = 0
  let round = 0

  return {
    hear(notice, isListed) {
      const one = about(notice.interaction)
      if (!isListed) see(one)
      one.chat.hear(notice)
    },
    catchingUp() {
      round += 1
    },
    caughtUp(inHand) {
      for (const [id, one] of known) {
        one.isMissing = inHand !== undefined && !inHand.has(id) && one.seenIn !== round
        one.chat.mayHaveMissed()
      }
    },
    before(interaction, operation) {
      const one = about(interaction)
      const { chat, identity } = one
      if (operation.operation === 'Accept') {
        see(one)
        chat.entering(true)
        identity.calls(operation.nickname ?? kit.nickname)
      }
      if ('text' in operation) identity.says(operation.text)
    },
    after(interaction, operation, isDone) {
      const one = about(interaction)
      if (isDone && operation.operation === 'Accept') see(one)
      if (isDone) return
      const { chat, identity } = one
      if (operation.operation === 'Accept') chat.entering(false)
      if ('text' in operation) identity.unsays(operation.text)
    },
    isOurs: interaction => known.get(interaction)?.chat.session() !== undefined,
    async settle() {
      if (clock.now() >= lookAt) await look()
      for (const [id, one] of known) {
        if (one.chat.needsHistory()) void askHistory(id, one)
        await emit(one)
      }
      dropStrangers()
    },
  }

  function about(interaction: string): Known {
    const found = known.get(interaction)
    if (found) return found
    const identity = createIdentity(kit.names, kit.nickname)
    const one: Known = { chat: createRelayedChat(interaction, identity, clock), identity, isMissing: false }
    known.set(interaction, one)
    return one
  }

  function see(one: Known): void {
    one.seenIn = round
    one.isMissing = false
  }

  async function look(): Promise<void> {
    lookAt = clock.now() + LOOK_EVERY_MS
    const live = await link.sessions().catch(waitForStore)
    if (!live) return
    const ids = new Set(live.map(({ session }) => session.conversation.id))
    for (const [id, { chat }] of known) if (chat.session() !== undefined && !ids.has(id)) known.delete(id)
    for (const followed of live) bind(followed)
  }

  function bind(followed: Followed): void {
    const { id, conversation } = followed.session
    const bound = known.get(conversation.id)?.chat.session()
    if (bound === id) return
    // Of an older session of the same interaction.
    if (bound !== undefined) known.delete(conversation.id)
    about(conversation.id).chat.bind(followed)
  }

  async function emit({ chat }: Known): Promise<void> {
    await chat.emit(link).catch(waitForStore)
  }

  /** What cannot be stored now is tried again; whatever else goes wrong stops the link. */
  function waitForStore(thrown: unknown): undefined {
    const error = asMediatorError(thrown)
    if (error.code !== 'STORE_UNAVAILABLE') throw error
    lookAt = clock.now() + LOOK_EVERY_MS
    link.log.warn({ reason: error.message }, 'the store is away; nothing is lost')
  }

  async function askHistory(id: string, one: Known): Promise<void> {
    if (!kit.requestHistory) return one.chat.noHistory()
    const agreed = one.chat.askHistory()
    try {
      const answer = await kit.requestHistory(id)
      if (answer.ok) agreed()
      else judge(one, answer)
    } catch (thrown) {
      const { code, message } = asMediatorError(thrown)
      link.log.warn({ code, reason: message }, 'a history could not be asked for')
    }
  }

  function judge({ chat, isMissing }: Known, answer: Refused): void {
    if (answer.code === NOT_FOUND) chat.end('gone')
    // Not if the server has failed: then it is asked once more, later.
    else if (answer.status !== 401 && answer.status !== 502) {
      if (isMissing) chat.end('agent')
      chat.noHistory()
    }
  }

  function dropStrangers(): void {
    const before = clock.now() - KEPT_MS
    let dropped = 0
    for (const [id, { chat }] of known) {
      dropped += chat.forget(before)
      if (chat.isIdleSince(before)) known.delete(id)
    }
    if (dropped > 0) link.log.warn({ dropped }, 'dropped what was said in interactions that have no session')
  }
}
