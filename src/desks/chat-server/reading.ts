import type { AgentEvent } from '../../domain/agent-event.ts'
import type { ToAgent } from '../desk.ts'
import { createGate } from './gate.ts'
import type { News } from './heard.ts'
import { createLedger, type Ledger, takeFrom } from './ledger.ts'
import { digest, type Print } from './print.ts'

export type BoundSession = ToAgent['session']

/** Somebody on the agents' side. */
export type Present = { id: string; name?: string }

/** Passes on what is heard in one conversation: in order, each once, and nothing before its session is known. */
export type Reading = {
  /** We are joining again: what is heard live waits for the replay of what was missed. */
  shut(): void
  /** No replay will come. */
  open(): void
  /** Resolves when a replay has come, or none will. */
  caughtUp(): Promise<void>
  live(news: News): void
  /** The history, and who is in the conversation on the agents' side. */
  replay(history: News[], agents: Present[]): void
  /** The server does not know the conversation any more. */
  gone(): void
  bind(session: BoundSession, cursor: string | undefined): void
  isBound(): boolean
  /** Something waits for its session. */
  isWaiting(): boolean
}

/** Makes an event durable, with the cursor; takes its time while that cannot be. Never rejects. */
export type PassOn = (session: BoundSession, event: AgentEvent, cursor: string) => Promise<void>

type Task = () => Promise<void>

export function createReading(conversation: string, passOn: PassOn): Reading {
  const tasks: Task[] = []
  let held: News[] = []
  const gate = createGate()
  let bound: { session: BoundSession; ledger: Ledger } | undefined
  let isWorking = false
  let isOver = false

  return {
    shut() {
      letThrough()
      gate.shut()
    },
    open: letThrough,
    caughtUp: gate.opened,
    live(news) {
      if (gate.isShut()) held.push(news)
      else add(ledger => deliverLive(ledger, news))
    },
    replay(history, agents) {
      const meanwhile = held
      held = []
      add(ledger => deliverReplay(ledger, history, agents, meanwhile))
      letThrough()
    },
    gone: () => add(ledger => deliver(ledger, toGone(conversation))),
    bind(session, cursor) {
      bound ??= { session, ledger: createLedger(cursor) }
      void work()
    },
    isBound: () => bound !== undefined,
    isWaiting: () => bound === undefined && tasks.length + held.length > 0,
  }

  function letThrough(): void {
    for (const news of held) add(ledger => deliverLive(ledger, news))
    held = []
    gate.open()
  }

  function add(task: (ledger: Ledger) => Promise<void>): void {
    tasks.push(async () => {
      if (bound && !isOver) await task(bound.ledger)
    })
    void work()
  }

  async function work(): Promise<void> {
    if (isWorking || !bound) return
    isWorking = true
    for (let task = tasks.shift(); task; task = tasks.shift()) await task()
    isWorking = false
  }

  async function deliverLive(ledger: Ledger, news: News): Promise<void> {
    if (!ledger.knows(news.print)) await deliver(ledger, news)
  }

  async function deliverReplay(
    ledger: Ledger,
    history: News[],
    agents: Present[],
    meanwhile: News[],
  ): Promise<void> {
    const isNew = ledger.news(history.map(({ print }) => print))
    const fresh = history.filter((_, index) => isNew[index])
    for (const news of fresh) await deliver(ledger, news)
    // What was heard while the replay was on its way may be in it.
    const prints: Print[] = fresh.map(({ print }) => print)
    for (const news of meanwhile)
      if (!ledger.knows(news.print) && !takeFrom(prints, news.print)) await deliver(ledger, news)
    await deliverPresence(ledger, agents)
  }

  async function deliver(ledger: Ledger, { event, print, who }: News): Promise<void> {
    if (isOver) return
    const nth = ledger.add(print)
    const id = event.id ?? `${print.content}#${nth}`
    const isRepeat = event.type === 'assigned' && who !== undefined && ledger.present.has(digest(who))
    notePresence(ledger, event, who)
    isOver = event.type === 'closed'
    if (bound && !isRepeat) await passOn(bound.session, { ...event, id }, ledger.cursor())
  }

  /** Who came in unheard: activities need not be in a replay [I]. */
  async function deliverPresence(ledger: Ledger, agents: Present[]): Promise<void> {
    const there = new Set(agents.map(({ id }) => digest(id)))
    for (const one of ledger.present) if (!there.has(one)) ledger.present.delete(one)
    const newcomers = agents.filter(({ id }) => !ledger.present.has(digest(id)))
    for (const agent of newcomers) await deliver(ledger, toArrival(conversation, agent))
  }
}

function notePresence({ present }: Ledger, { type }: AgentEvent, who: string | undefined): void {
  if (who === undefined) return
  if (type === 'assigned') present.add(digest(who))
  if (type === 'agent-left') present.delete(digest(who))
}

function toGone(conversation: string): News {
  const event: AgentEvent = { conversation, type: 'closed', reason: 'gone', id: 'lost' }
  return { kind: 'news', event, print: { content: 'lost' } }
}

function toArrival(conversation: string, { id, name }: Present): News {
  const event: AgentEvent = { conversation, type: 'assigned', ...(name && { agent: name }) }
  return { kind: 'news', event, print: { content: digest(['present', id]) }, who: id }
}
