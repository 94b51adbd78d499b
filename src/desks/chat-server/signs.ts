import type { Heard } from './heard.ts'
import type { Present } from './reading.ts'

/** What has been heard in a conversation that somebody may be waiting for, before it is passed on. */
export type Signs = {
  note(heard: Heard): void
  noteInfo(agents: Present[]): void
  /** The last who came and has not gone. */
  agent(): Present | undefined
  /** The server has said that nobody is available, and nobody has come since. */
  isNobodyThere(): boolean
  /** Whether the server has said, of late, that it has what we said under this id. */
  hasHeard(id: string): boolean
  /** Aborts when the conversation is over. */
  over: AbortSignal
  finish(): void
  /** Resolves within `ms`, sooner once it is known what becomes of the client. `orInfo`: who is there is enough to know. */
  routed(ms: number, orInfo: boolean): Promise<void>
}

const MOST_OWN = 500

export function createSigns(): Signs {
  const over = new AbortController()
  const agents = new Map<string, Present>()
  const own = new Set<string>()
  let nobody = false
  let isInformed = false
  let look = (): void => undefined

  return {
    note(heard) {
      if (heard.kind === 'own' && heard.id !== undefined) noteOwn(heard.id)
      if (heard.kind === 'no-agent') nobody = true
      if (heard.kind === 'news') noteComing(heard)
      if (heard.kind === 'news' && heard.event.type === 'closed') over.abort()
      look()
    },
    noteInfo(present) {
      for (const one of present) agents.set(one.id, one)
      isInformed = true
      look()
    },
    agent: () => [...agents.values()].at(-1),
    isNobodyThere: () => nobody && agents.size === 0,
    hasHeard: id => own.has(id),
    over: over.signal,
    finish: () => over.abort(),
    async routed(ms, orInfo) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      look = () => {
        if (nobody || agents.size > 0 || (orInfo && isInformed)) resolve()
      }
      look()
      await promise
      clearTimeout(timer)
    },
  }

  function noteOwn(id: string): void {
    own.add(id)
    const [oldest] = own
    if (own.size > MOST_OWN && oldest !== undefined) own.delete(oldest)
  }

  function noteComing({ event, who }: Extract<Heard, { kind: 'news' }>): void {
    if (who === undefined) return
    if (event.type === 'assigned') agents.set(who, { id: who, ...(event.agent && { name: event.agent }) })
    if (event.type === 'agent-left') agents.delete(who)
  }
}
