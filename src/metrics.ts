import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Became, Tally } from './domain/tally.ts'
import type { Observe } from './lib/http-door.ts'
import type { LinkState } from './links/runner.ts'
import type { Meter } from './mediator/meter.ts'
import type { Outcome } from './store/store.ts'

/** What is looked at when the metrics are asked for. */
export type Watched = {
  /** The configured names. */
  desks: string[]
  tally(): Promise<Tally[]>
  linkStates(): Record<string, LinkState>
}

export type Metrics = {
  meter: Meter
  observe: Observe
  countRequest(what: { method: string; route: string; desk: string; status: number }): void
  /** Shows from now on, with 0, that nothing was posted there yet: Prometheus sees no increase in what was not there. */
  expectPosts(where: { route: string; desk: string }[]): void
  render(): Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** What the service counts of itself, for Prometheus. No label ever holds an id, a name or a word of anyone. */
export function createMetrics({ desks, tally, linkStates }: Watched): Metrics {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  collectDefaultMetrics({ register: registry })
  const letters = new Counter({
    name: 'mediator_letters_total',
    help: 'What was offered for a mailbox, by what became of it at once',
    labelNames: ['direction', 'desk', 'outcome'],
    registers,
  })
  const settled = new Counter({
    name: 'mediator_settled_total',
    help: 'Attempts by their outcome: delivered, opened, retry, dead, given-up, expanded, abandoned',
    labelNames: ['direction', 'desk', 'kind', 'outcome'],
    registers,
  })
  const delay = new Histogram({
    name: 'mediator_delivery_seconds',
    help: 'From the acceptance of a message to its delivery',
    labelNames: ['direction', 'desk'],
    buckets: SECONDS,
    registers,
  })
  const calls = new Histogram({
    name: 'mediator_outgoing_call_seconds',
    help: 'Calls to desks and bots',
    labelNames: ['account', 'route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const requests = new Counter({
    name: 'mediator_requests_total',
    help: 'Requests answered, by route and status; desk only where it is a configured one',
    labelNames: ['method', 'route', 'desk', 'status'],
    registers,
  })
  const readTally = addTally(registers, tally)
  addLinkGauge(registers, linkStates)
  const letter = remember((...labels: string[]) => letters.labels(...labels))
  const settlement = remember((...labels: string[]) => settled.labels(...labels))
  const delivery = remember((...labels: string[]) => delay.labels(...labels))
  const call = remember((...labels: string[]) => calls.labels(...labels))
  const request = remember((...labels: string[]) => requests.labels(...labels))

  return {
    meter: {
      accepted({ direction }, acceptance) {
        const desk = acceptance.outcome === 'no-session' ? '' : (acceptance.session.desk ?? '')
        letter(direction, desk, acceptance.outcome).inc()
      },
      settled(work, outcome, failed, now) {
        const { direction } = work.turn
        const desk = (outcome.kind === 'opened' ? outcome.desk : work.session.desk) ?? ''
        const result = resultOf(outcome, failed)
        settlement(direction, desk, work.head.kind, result).inc()
        if (result === 'delivered' && work.head.kind === 'message')
          delivery(direction, desk).observe((now - work.head.at) / 1000)
      },
    },
    observe: ({ account, route, status, ms }) => call(account, route, status).observe(ms / 1000),
    countRequest: ({ method, route, desk, status }) =>
      request(method, route, desks.includes(desk) ? desk : '', String(status)).inc(),
    expectPosts(where) {
      for (const { route, desk } of where)
        for (const status of ['200', '400', '401']) request('POST', route, desk, status).inc(0)
    },
    render: inTurn(async () => {
      await readTally()
      return { contentType: registry.contentType, text: await registry.metrics() }
    }),
  }
}

const BECAME: Became[] = ['accepted', 'delivered', 'dead', 'given-up', 'moved']

/**
 * Of the store, hence the same from every replica: accepted = delivered + dead + given-up + moved + waiting. Gives the function
 * that reads it anew; both metrics must be of one reading for this to hold.
 */
function addTally(registers: Registry[], tally: () => Promise<Tally[]>): () => Promise<void> {
  const waiting = new Gauge({
    name: 'mediator_waiting',
    help: 'Entries waiting in mailboxes, of all replicas together; desk is empty while none is found',
    labelNames: ['direction', 'desk'],
    registers,
  })
  const entries = new Counter({
    name: 'mediator_entries_total',
    help: 'Entries of mailboxes by what became of them, of all replicas together: accepted, delivered, dead, given-up, moved',
    labelNames: ['direction', 'desk', 'became'],
    registers,
  })
  return async () => {
    const counts = await tally().catch(() => [])
    waiting.reset()
    entries.reset()
    for (const { direction, desk, ...count } of counts) {
      waiting.set({ direction, desk }, count.waiting)
      for (const became of BECAME) entries.inc({ direction, desk, became }, count[became])
    }
  }
}

function addLinkGauge(registers: Registry[], linkStates: () => Record<string, LinkState>): void {
  const gauge = new Gauge({
    name: 'mediator_link_state',
    help: 'The state of each link of the desks on this replica: 1 with its label',
    labelNames: ['link', 'state'],
    registers,
    collect() {
      gauge.reset()
      for (const [link, state] of Object.entries(linkStates())) gauge.set({ link, state }, 1)
    },
  })
}

/** One at a time: another reading must not come between this one and what is said of it. */
function inTurn<Answer>(run: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const answer = last.then(run)
    last = answer.catch(() => undefined)
    return answer
  }
}

/** Looking a child up by its labels costs more than counting; there are few of them, and they are kept. */
function remember<Child>(find: (...labels: string[]) => Child): (...labels: string[]) => Child {
  const known = new Map<string, Child>()
  return (...labels) => {
    const key = labels.join('\n')
    const child = known.get(key) ?? find(...labels)
    known.set(key, child)
    return child
  }
}

function resultOf(outcome: Outcome, failed: boolean): string {
  if (outcome.kind !== 'removed') return outcome.kind
  if (outcome.dead !== undefined) return 'dead'
  return failed ? 'given-up' : 'delivered'
}
