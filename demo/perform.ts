import type { RelayFlow, WebhookOutcome } from '../simulators/rapidpro/index.ts'
import { entryIdOf } from '../src/mediator/ids.ts'
import type { Picture } from './picture.ts'
import type { Screen } from './screen.ts'
import { AGENT, CLIENT, type Step } from './script.ts'
import type { Stage } from './stage.ts'
import { NotSo, until } from './until.ts'
import { fileMark, type Witness, watchDesk, watchPhone } from './witness.ts'

export type Performance = {
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
    const number = numberOfLast(cast)
    check(await said, 202)
    cast.screen.note(`#${number}`, 'the bot is answered 202: kept, goes on by itself')
  },
  'desk-is-back': ({ stage, screen }) => {
    screen.event(`Rocket.Chat is back. The next try is due by itself; until then ${AGENT} can write.`)
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
  await isTold(cast, 'open')
  screen.note('bot', `is answered 200: ${registration.msg}`)
  await phone.expect([arrives])
  screen.words({ side: 'client', ...NOTICE, text: arrives })
}

function clientSays(cast: Cast, text: string, picture?: Picture): Promise<WebhookOutcome | null> {
  const { stage, flow, signal, screen } = cast
  if (!flow) throw new NotSo('the client says something before the hand-over')
  const files = picture ? [{ content_type: picture.type, url: stage.rapidpro.hostFile(picture) }] : []
  const said = flow.clientSays(text, files)
  const label = `#${numberOfLast(cast)}`
  screen.words({ side: 'client', name: CLIENT.name, label, text: picture ? describe(picture) : text })
  return orAbort(said, signal)
}

/** Of the message that the client has just sent. */
function numberOfLast({ stage, contact }: Cast): number {
  const last = stage.rapidpro.state.messagesByContact.get(contact)?.at(-1)
  return stage.mediator.log.numberOf(entryIdOf(last?.uuid ?? ''))
}

async function clientSends(cast: Cast, { picture }: { picture: Picture }): Promise<void> {
  check(await clientSays(cast, '', picture), 200)
  await cast.desk.expect([fileMark(picture.type, picture.data)])
}

async function agentSays(cast: Cast, { text, arrives = [text] }: { text: string; arrives?: string[] }) {
  const { _id } = await cast.stage.rocketchat.say(cast.contact, text)
  agentSaid(cast, _id, text)
  await cast.phone.expect(arrives)
}

async function agentSends(cast: Cast, { picture }: { picture: Picture }): Promise<void> {
  const { _id } = await cast.stage.rocketchat.sendFile(cast.contact, picture)
  agentSaid(cast, _id, describe(picture))
  await cast.phone.expect([fileMark(picture.type, picture.data)])
}

function agentSaid({ stage, screen }: Cast, messageId: string, text: string): void {
  const number = stage.mediator.log.numberOf(entryIdOf(`message/${messageId}`))
  screen.words({ side: 'agent', name: AGENT, label: `#${number}`, text })
}

/** Ends with the flow that takes the client back. */
async function agentCloses(cast: Cast, { comment }: { comment: string }): Promise<void> {
  const { stage, screen, contact, phone, signal } = cast
  screen.event(`${AGENT} closes the conversation, with a last comment.`)
  const room = await stage.rocketchat.close(contact, { comment })
  const closing = [...stage.rocketchat.state.messages.values()].findLast(({ rid }) => rid === room._id)
  agentSaid(cast, closing?._id ?? '', comment)
  await phone.expect([comment])
  await isTold(cast, 'end')
  const starts = () => stage.rapidpro.flowStarts.filter(({ flow }) => flow.uuid === stage.endedFlow)
  const [start] = await until('the flow is started', () => starts().length > 0 && starts(), signal)
  if (starts().length > 1) throw new NotSo('the flow for the end was started more than once')
  const { reason, agent } = start?.params ?? {}
  screen.note('bot', `starts its flow “${start?.flow.name}” with reason = ${reason}, agent = ${agent}`)
}

/** Waits until the log tells that this was done. */
function isTold({ stage, signal }: Cast, kind: 'open' | 'end'): Promise<unknown> {
  const { lines } = stage.mediator.log
  return until(
    `the log tells of the ${kind}`,
    () => lines.some(line => line.msg === 'delivered' && line.kind === kind),
    signal,
  )
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
