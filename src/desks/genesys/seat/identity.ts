import { lastPart } from './notice.ts'
import type { Line, Participant } from './wire.ts'

/**
 * Which participant of one interaction is the seat. Agents are known by their address, where it is told; else by a number the
 * interaction has given them, once it is known whose that is. A nickname proves nothing: two agents may have the same [D].
 */
export type Identity = {
  /** The name the seat goes by in this interaction. */
  calls(nickname: string): void
  /** The seat is about to say this. */
  says(text: string): void
  /** What the seat was about to say was not taken. */
  unsays(text: string): void
  meets(participants: Participant[]): void
  /** Learns from the echo of what the seat has said. */
  hears(line: Line): void
  isSeat(from: Participant): boolean
  /** Perhaps: for what is better left out than told of the seat. */
  mayBeSeat(from: Participant): boolean
}

/** Texts whose echo may still come. */
const MOST_SAID = 20

export function createIdentity(names: () => ReadonlySet<string>, usualNickname: string): Identity {
  const numbers = new Set<string>()
  let said: string[] = []
  let nickname = usualNickname

  return {
    calls(given) {
      nickname = given
    },
    says(text) {
      said = [...said, text].slice(-MOST_SAID)
    },
    unsays: forget,
    meets(participants) {
      for (const one of participants) if (hasOwnName(one)) learn(one)
      const [namesake, ...others] = participants.filter(
        one => one.type === 'Agent' && one.nickname === nickname,
      )
      if (namesake && others.length === 0 && namesOf(namesake).length === 0) learn(namesake)
    },
    hears({ type, from, text }) {
      if (type !== 'Text' || text === undefined || !from || from.type !== 'Agent' || !said.includes(text))
        return
      if (namesOf(from).length > 0 || from.nickname !== nickname) return
      learn(from)
      forget(text)
    },
    isSeat,
    mayBeSeat: from => isSeat(from) || (namesOf(from).length === 0 && from.nickname === nickname),
  }

  function isSeat(from: Participant): boolean {
    if (namesOf(from).length > 0) return hasOwnName(from)
    return from.participantId !== undefined && numbers.has(from.participantId)
  }

  function hasOwnName(one: Participant): boolean {
    return namesOf(one).some(name => names().has(name))
  }

  function learn({ participantId }: Participant): void {
    if (participantId !== undefined) numbers.add(participantId)
  }

  function forget(text: string): void {
    const at = said.indexOf(text)
    if (at >= 0) said = said.toSpliced(at, 1)
  }
}

/** What an agent is known by outside of this interaction. */
export function namesOf({ id, uri, path }: Participant): string[] {
  return [id, lastPart(uri), lastPart(path)].filter(name => name !== undefined)
}
