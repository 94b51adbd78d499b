import { expect } from 'vitest'
import type { Direction } from '../../src/domain/mailbox.ts'
import type { Letter, Store, Work } from '../../src/store/store.ts'
import { countWaiting } from '../support/count-waiting.ts'
import { DAY, draft, opening, removed, say, settle, T0 } from './fixtures.ts'
import { createLedger, type Ledger } from './ledger.ts'
import * as models from './model.ts'
import { CLIENTS, CONVERSATIONS, outcomeOf, type Step, type StepOf } from './steps.ts'

/** A store and its model on the same way. */
export type Walk = {
  store: Store
  model: models.Model
  ledger: Ledger
  now: number
  /** Of the steps, to make names from. */
  serial: number
  /** All that was ever given: many of these turns are used up, run out or taken over. */
  works: Work[]
  mailboxes: { session: string; direction: Direction }[]
}

/** A call of the store and of the model, which must answer the same. May be made twice. Gives the work it brought. */
type Call = () => Promise<Work | undefined>

export function startWalk(store: Store): Walk {
  const [model, ledger] = [models.createModel(), createLedger()]
  return { store, model, ledger, now: T0, serial: 0, works: [], mailboxes: [] }
}

/** Takes one step; afterwards all that can be seen of the store must be as the model has it. */
export async function take(walk: Walk, step: Step): Promise<void> {
  walk.serial += 1
  const call = prepare(walk, step)
  if (step.lost) note(walk, await call())
  const work = await call()
  note(walk, work)
  if (work) walk.works.push(work)
  expect(await look(walk)).toEqual(models.look(walk.model, walk.now))
}

/** Time goes on and everything works again: all that waits is delivered, and the books must balance. */
export async function deliverAll(walk: Walk, store: Store): Promise<void> {
  const now = walk.now + DAY
  for (const { session, direction } of walk.mailboxes) {
    let work = await store.claim(session, direction, now)
    while (work) {
      note(walk, work)
      const settlement = await settle(store, work, removed, now)
      work = settlement.outcome === 'settled' ? settlement.next : undefined
    }
  }
  walk.ledger.balance()
  expect(await countWaiting(store)).toEqual({ to_agent: 0, to_client: 0 })
}

function note({ ledger }: Walk, work: Work | undefined): void {
  if (work) ledger.handOut(work)
}

function prepare(walk: Walk, step: Step): Call {
  switch (step.kind) {
    case 'register':
      return () => register(walk, step)
    case 'say':
      return () => accept(walk, step.client, message(step))
    case 'end': {
      const letter = closing(walk, step)
      return () => accept(walk, step.client, letter)
    }
    case 'settle':
      return settleOne(walk, step)
    case 'claim':
      return () => claim(walk, step)
    case 'renew':
      return renew(walk, step)
    case 'replay':
      return replay(walk, step)
    case 'wait':
      walk.now += step.ms
      return async () => undefined
  }
}

async function register({ store, model, mailboxes, now }: Walk, { client }: StepOf<'register'>) {
  const { outcome, work } = await store.register(draft(client), opening, now)
  const session = work?.session.id ?? ''
  if (outcome === 'created') {
    mailboxes.push({ session, direction: 'to_agent' }, { session, direction: 'to_client' })
  }
  const expected = models.register(model, client, opening, session, now)
  expect({ outcome, work: work && models.toHeld(work) }).toEqual(expected)
  return work
}

function message({ client, direction, id, fence }: StepOf<'say'>): Letter {
  const reading = fence > 0 ? { reading: { fence } } : {}
  return {
    to: { by: 'client', userid: client },
    direction,
    dedupe: `m${id}`,
    entries: [say(`m${id}`)],
    ...reading,
  }
}

function closing({ serial, now }: Walk, { client }: StepOf<'end'>): Letter {
  const entry = { kind: 'close', id: `close${serial}`, at: now, reason: 'bot' } as const
  const to = { by: 'client', userid: client } as const
  return { to, direction: 'to_agent', dedupe: entry.id, entries: [entry], ending: { at: now, reason: 'bot' } }
}

async function accept({ store, model, ledger, now }: Walk, client: string, letter: Letter) {
  const answer = await store.accept(letter, now)
  if (answer.outcome === 'accepted') ledger.owe(answer.session.id, letter)
  const work = answer.outcome === 'accepted' ? answer.work : undefined
  const shown = { ...answer, session: undefined, work: work && models.toHeld(work) }
  expect(shown).toEqual(models.accept(model, client, letter, now))
  return work
}

function settleOne(walk: Walk, step: StepOf<'settle'>): Call {
  const { store, model, works, ledger, serial, now } = walk
  const work = pick(works, step.which)
  if (!work) return async () => undefined
  const outcome = outcomeOf(work, step, serial, now)
  return async () => {
    const answer = await settle(store, work, outcome, now)
    const next = answer.outcome === 'settled' ? answer.next : undefined
    const expected = models.settle(model, models.toHeld(work), outcome, now)
    expect({ ...answer, next: next && models.toHeld(next) }).toEqual(expected)
    if (!model.sessions.has(work.session.id)) ledger.strike(work.session.id)
    return next
  }
}

async function claim({ store, model, mailboxes, now }: Walk, { which }: StepOf<'claim'>) {
  const { session, direction } = pick(mailboxes, which) ?? { session: 'none', direction: 'to_agent' }
  const work = await store.claim(session, direction, now)
  expect(work && models.toHeld(work)).toEqual(models.claim(model, session, direction, now))
  return work
}

function renew({ store, model, works, now }: Walk, { which }: StepOf<'renew'>): Call {
  const work = pick(works, which)
  return async () => {
    if (work) expect(await store.renew(work.turn, now)).toBe(models.renew(model, models.toHeld(work), now))
    return undefined
  }
}

function replay({ store, model, ledger, now }: Walk, { which }: StepOf<'replay'>): Call {
  // An opening is not replayed but registered again.
  const id =
    pick(
      models.look(model, now).dead.filter(dead => !dead.endsWith('.open')),
      which,
    ) ?? 'none'
  return async () => {
    const answer = await store.replay(id, now)
    expect(answer).toBe(models.replay(model, id, now))
    if (answer === 'replayed') ledger.oweAgain(id)
    return undefined
  }
}

/** The last for 0, the one before for 1, and around. */
function pick<T>(list: T[], which: number): T | undefined {
  return list.at(-1 - (which % Math.max(1, list.length)))
}

async function look({ store, model, now }: Walk): Promise<ReturnType<typeof models.look>> {
  const due = await store.due(now, 1000)
  const dead = await store.deadLetters({ limit: 1000 })
  const known = dead.map(({ id }) => id).filter(id => model.sessions.has(id.split('.', 1)[0] ?? ''))
  return {
    due: due.flatMap(one => (one.kind === 'mailbox' ? [`${one.session} ${one.direction}`] : [])).sort(),
    waiting: await countWaiting(store),
    dead: known.sort(),
    states: (await Promise.all(CLIENTS.map(client => stateOf(store, client)))).flat(),
    live: (await store.liveSessions('desk')).sort(),
    bound: (await Promise.all(CONVERSATIONS.map(name => boundOf(store, name)))).flat().sort(),
  }
}

async function stateOf(store: Store, client: string): Promise<string[]> {
  const session = (await store.findByClient(client))?.session
  if (!session) return []
  const { id, state } = session
  return [`${client} ${id} ${state === 'queued' || state === 'assigned' ? 'live' : state}`]
}

async function boundOf(store: Store, conversation: string): Promise<string[]> {
  const session = await store.findByConversation('desk', conversation)
  return session ? [`${conversation} ${session.id}`] : []
}
