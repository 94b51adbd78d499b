import type { RelayFlow, WebhookOutcome } from '../simulators/rapidpro/index.ts'
import { entryIdOf } from '../src/mediator/ids.ts'
import { TEXT_LIMIT } from './config-files.ts'
import type { LogLine } from './follow-log.ts'
import type { Picture } from './picture.ts'
import type { Screen } from './screen.ts'
import { AGENT, CLIENT, type Step } from './script.ts'
import type { Stage } from './stage.ts'
import { NotSo, until } from './until.ts'
import { fileMark, type Witness, watchDesk, watchPhone } from './witness.ts'

type Performance = {
  stage: Stage
  screen: Screen
  signal: AbortSignal
  /** Lets a person read. */
  pause(ms: number): Promise<void>
}

/** What the steps share. */
type Cast = Performance & {
  contact: string
  phone: Witness
  desk: Witness
  flow?: RelayFlow
}

type Actors = { [Act in Step['do']]: (cast: Cast, step: Extract<Step, { do: Act }>) => Promise<void> | void }

/** Plays the script, and checks that both sides see what they should. Throws NotSo when they do not. */
export async function perform(script: Step[], performance: Performance): Promise<void> {
  const { stage, signal, pause } = performance
  const contact = stage.rapidpro.addContact(CLIENT).uuid
  const cast: Cast = {
    ...performance,
    contact,
    phone: watchPhone(stage, contact, signal),
    desk: watchDesk(stage, contact, signal),
  }
  for (const step of script) {
    await pause(step.pause ?? 0)
    await act(cast, step)
  }
  cast.phone.expectNoMore()
  cast.desk.expectNoMore()
}

async function act<Act extends Step['do']>(cast: Cast, step: Extract<Step, { do: Act }>): Promise<void> {
  const play: (cast: Cast, step: Extract<Step, { do: Act }>) => Promise<void> | void = ACTORS[step.do as Act]
  await play(cast, step)
}

const ACTORS: Actors = {
  'bot-says': (cast, { text }) => botSays(cast, text),
  'client-says-to-bot': ({ stage, screen, contact }, { text }) => {
    stage.rapidpro.addHistory(contact, [{ from: 'client', text }])
    screen.words({ side: 'client', name: CLIENT.name, text })
  },
  'hand-over': handOver,
  'agent-takes': async ({ stage, screen, contact, phone }, { arrives }) => {
    screen.event(`${AGENT} takes the conversation.`)
    await stage.rocketchat.takeRoom(contact)
    await phone.expect([arrives])
    screen.words({ side: 'client', ...NOTICE, text: arrives })
  },
  'client-says': async (cast, { text }) => {
    check(await clientSays(cast, text), 200)
    await cast.desk.expect([text])
  },
  'client-sends': clientSends,
  'agent-says': agentSays,
  'agent-sends': agentSends,
  'desk-goes-down': ({ stage, screen }) => {
    screen.event('Rocket.Chat goes down: it refuses every connection.')
    return stage.rocketchat.faults.down()
  },
  'client-says-in-vain': async (cast, { text }) => {
    const said = clientSays(cast, text)
    const entry = lastEntry(cast)
    check(await said, 202)
    await isTold(cast, 'accepted', line => line.entry === entry)
    cast.screen.note(labelOf(cast, entry), 'the bot is answered 202: kept, goes on by itself')
  },
  'desk-is-back': ({ stage, screen }) => {
    screen.event('Rocket.Chat is back; the next try comes by itself (2, 5, 15, 30 … s apart).')
    return stage.rocketchat.faults.up()
  },
  'late-words-arrive': async ({ desk, screen }, { texts }) => {
    await desk.expect(texts)
    screen.event(`${AGENT} sees what ${CLIENT.name} wrote meanwhile, in order, each once.`)
  },
  'agent-closes': agentCloses,
}

const NOTICE = { name: 'Live agents', style: 'blue' } as const

function botSays({ stage, screen, contact }: Cast, text: string): void {
  stage.rapidpro.addHistory(contact, [{ from: 'bot', text }])
  screen.words({ side: 'client', name: 'Bot', style: 'magenta', text })
}

async function handOver(cast: Cast, { arrives }: { arrives: string }): Promise<void> {
  const { stage, screen, contact, signal, phone } = cast
  const { rapidpro, mediator, token, department } = stage
  screen.event(`The bot hands ${CLIENT.name} over: registerClient, department ${department}.`)
  const starting = rapidpro.startRelayFlow({ mediatorUrl: mediator.url, token, contact, department })
  cast.flow = await orAbort(starting, signal)
  const { registration } = cast.flow
  check(registration, 200)
  await isTold(cast, 'delivered', ({ kind }) => kind === 'open')
  await phone.expect([arrives])
  screen.note('bot', `is answered 200: ${registration.msg}`)
  screen.words({ side: 'client', ...NOTICE, text: arrives })
}

function clientSays(cast: Cast, text: string, picture?: Picture): Promise<WebhookOutcome | null> {
  const { stage, flow, signal, screen } = cast
  if (!flow) throw new NotSo('the client says something before the hand-over')
  const files = picture ? [{ content_type: picture.type, url: stage.rapidpro.hostFile(picture) }] : []
  const said = flow.clientSays(text, files)
  const label = labelOf(cast, lastEntry(cast))
  screen.words({ side: 'client', name: CLIENT.name, label, text: picture ? describe(picture) : text })
  return orAbort(said, signal)
}

/** What the mediator calls the message that the client has just sent. */
function lastEntry({ stage, contact }: Cast): string {
  return entryIdOf(stage.rapidpro.state.messagesByContact.get(contact)?.at(-1)?.uuid ?? '')
}

function labelOf({ stage }: Cast, entry: string): string {
  return `#${stage.mediator.log.numberOf(entry)}`
}

async function clientSends(cast: Cast, { picture }: { picture: Picture }): Promise<void> {
  check(await clientSays(cast, '', picture), 200)
  await cast.desk.expect([fileMark(picture.type, picture.data)])
}

async function agentSays(cast: Cast, { text, arrives = [text] }: { text: string; arrives?: string[] }) {
  const { _id } = await cast.stage.rocketchat.say(cast.contact, text)
  const label = agentSaid(cast, _id, text)
  const parts = await cast.phone.expect(arrives)
  if (parts > 1)
    cast.screen.note(label, `is on the phone in ${parts} parts of at most ${TEXT_LIMIT} characters`)
}

async function agentSends(cast: Cast, { picture }: { picture: Picture }): Promise<void> {
  const { _id } = await cast.stage.rocketchat.sendFile(cast.contact, picture)
  agentSaid(cast, _id, describe(picture))
  await cast.phone.expect([fileMark(picture.type, picture.data)])
}

function agentSaid(cast: Cast, messageId: string, text: string): string {
  const label = labelOf(cast, entryIdOf(`message/${messageId}`))
  cast.screen.words({ side: 'agent', name: AGENT, label, text })
  return label
}

/** Ends with the flow that takes the client back. */
async function agentCloses(cast: Cast, { comment }: { comment: string }): Promise<void> {
  const { stage, screen, contact, phone, signal } = cast
  screen.event(`${AGENT} closes the conversation, with a last comment.`)
  const room = await stage.rocketchat.close(contact, { comment })
  const closing = [...stage.rocketchat.state.messages.values()].findLast(({ rid }) => rid === room._id)
  agentSaid(cast, closing?._id ?? '', comment)
  await phone.expect([comment])
  await isTold(cast, 'delivered', ({ kind }) => kind === 'end')
  const starts = () => stage.rapidpro.flowStarts.filter(({ flow }) => flow.uuid === stage.endedFlow)
  const start = await until('the flow is started', () => starts()[0], signal)
  if (starts().length > 1) throw new NotSo('the flow for the end was started more than once')
  const { reason, agent } = start.params ?? {}
  screen.note('bot', `starts its flow “${start.flow.name}” with reason = ${reason}, agent = ${agent}`)
}

function isTold({ stage, signal }: Cast, msg: string, isIt: (line: LogLine) => boolean): Promise<boolean> {
  const { lines } = stage.mediator.log
  return until(`the log tells “${msg}”`, () => lines.some(line => line.msg === msg && isIt(line)), signal)
}

function describe({ name, type, data }: Picture): string {
  return `📷 ${name} (${type}, ${data.length} bytes)`
}

function check(outcome: WebhookOutcome | null, status: number): void {
  if (outcome?.status === status) return
  const got = outcome ? `${outcome.status ?? outcome.error}: ${outcome.msg ?? ''}` : 'nothing'
  throw new NotSo(`the bot is answered ${got}; ${status} was due`)
}

/** The simulators' calls cannot be broken off; nobody waits for them any more when the demo ends. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop))
}
