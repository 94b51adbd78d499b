import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Answer } from '../../src/mediator/answer.ts'
import { entryIdOf } from '../../src/mediator/ids.ts'
import type { Store } from '../../src/store/store.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { CUT, createOutside, type Fate, type Outside } from '../support/fake-sides.ts'
import { REPLICAS, type Step } from './life-steps.ts'
import { createMortal, type Mortal } from './mortal.ts'
import { type Replica, startReplica } from './replica.ts'

/** Something that was handed in. `promised` once a 2xx was answered for it. */
export type Given = { client: string; text: string; entry: string; promised: boolean }

type Running = Replica & { mortal: Mortal }

/** Several replicas on one store, in a world that goes wrong. */
export type Life = {
  outside: Outside
  store: Store
  said: Given[]
  heard: Given[]
  closings: Given[]
  take(step: Step): Promise<void>
  /** Everything works from here on, and time passes until nothing is left to do. */
  calmDown(): Promise<void>
}

const MINUTE = 60_000
/** No retry is further off than this. */
const LONGEST_WAIT_MS = 16 * MINUTE

export function startLife(store: Store, fates: Fate[]): Life {
  const outside = createOutside()
  let busy = 0
  const clock = createFakeClock(() => busy > 0)
  const start = (): Running => {
    const mortal = createMortal(store, change => {
      busy += change
    })
    const replica = startReplica({ store: mortal.store, clock, outside, life: mortal })
    replica.sweep.start()
    return { ...replica, mortal }
  }
  const replicas = Array.from({ length: REPLICAS }, start)
  let next = 0
  outside.decide = () => fates[next++] ?? 'done'
  const life = { outside, store, said: [], heard: [], closings: [] } as Pick<
    Life,
    'outside' | 'store' | 'said' | 'heard' | 'closings'
  >
  return {
    ...life,
    async take(step) {
      const running = 'replica' in step ? replicas[step.replica] : undefined
      if (step.kind === 'pass') return clock.pass(step.ms)
      if (step.kind === 'sleep') clock.jump(step.ms)
      else if (step.kind === 'crash') running?.mortal.dieIn(step.steps)
      else if (running) act(life, running, step, clock)
      await clock.rest()
      for (const [index, one] of replicas.entries())
        if (one.mortal.diedAt !== undefined) replicas[index] = start()
    },
    async calmDown() {
      outside.decide = () => 'done'
      for (const [index, one] of replicas.entries()) {
        one.mortal.liveOn()
        if (one.mortal.diedAt !== undefined) replicas[index] = start()
      }
      for (let looks = 0; looks < 4; looks += 1) {
        clock.jump(LONGEST_WAIT_MS)
        await clock.pass(2_000)
      }
      for (const one of replicas) one.sweep.stop()
    },
  }
}

type Books = Pick<Life, 'outside' | 'said' | 'heard' | 'closings'>
type Deed = Exclude<Step, { kind: 'pass' | 'sleep' | 'crash' }>

function act(books: Books, replica: Running, step: Deed, clock: FakeClock): void {
  const { client } = step
  switch (step.kind) {
    case 'register':
      note(undefined, replica.register(client))
      break
    case 'bot-ends':
      note(undefined, replica.end(client))
      break
    case 'say':
    case 'repeat':
      clientSays(books, replica, step)
      break
    case 'agent-says':
    case 'agent-closes':
      agentDoes(books, replica, step, clock)
  }
}

/** A repeat is of the last text: bots go on only when they were answered or have given up. */
function clientSays({ said }: Books, replica: Running, { kind, client }: Deed): void {
  const last = said.findLast(one => one.client === client)
  const given = kind === 'repeat' && last ? last : newText(said, client)
  note(given, replica.say(client, given.text, given.text))
}

function newText(said: Given[], client: string): Given {
  const text = `${client} says ${said.length}`
  const given = { client, text, entry: entryIdOf(text), promised: false }
  said.push(given)
  return given
}

function agentDoes(
  { outside, heard, closings }: Books,
  replica: Running,
  step: Deed,
  clock: FakeClock,
): void {
  const { client } = step
  const room = outside.openRoomOf(client)
  if (!room) return
  const id = `${heard.length}.${closings.length}`
  const about = { conversation: room.id, client, id, at: clock.now() }
  if (step.kind === 'agent-says') {
    const text = Array.from({ length: step.pieces }, (_, n) => `to ${client} ${id}/${n}`).join(CUT)
    hand(heard, replica, { ...about, type: 'message', message: { text, attachments: [] } }, text)
  } else {
    room.isOpen = false
    hand(closings, replica, { ...about, type: 'closed', reason: 'agent' }, 'the end')
  }
}

function hand(list: Given[], replica: Running, event: AgentEvent, text: string): void {
  const entry = entryIdOf(`${event.type}/${event.id}`)
  const given = { client: event.client ?? '', text, entry, promised: false }
  list.push(given)
  note(given, replica.hear(event))
}

/** A process that is gone answers nothing: then nothing was promised. */
function note(given: Given | undefined, answered: Promise<Answer>): void {
  const believe = ({ word }: Answer): void => {
    if (given && word !== 'ignored') given.promised = true
  }
  answered.then(believe, () => undefined)
}
