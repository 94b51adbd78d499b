import type { DeskStage } from '../simulators/stage.ts'
import { type Cast, describe, isTold, NOTICE, orAbort } from './cast.ts'
import { TEXT_LIMIT } from './config-files.ts'
import type { Picture } from './picture.ts'
import { CLIENT } from './script.ts'
import { NotSo, until } from './until.ts'
import { fileMark } from './witness.ts'

/** Some tries lie 30 s apart. */
const LATE_MS = 60_000

export async function agentTakes(cast: Cast, { arrives }: { arrives: string }): Promise<void> {
  const { stage, screen, client, phone, signal } = cast
  const { agent } = stage.desk
  screen.event(`${agent.name} takes the conversation.`)
  await orAbort(agent.take(client), signal)
  await phone.expect([arrives])
  screen.words({ side: 'client', ...NOTICE, text: arrives })
}

export async function agentSays(
  cast: Cast,
  { text, arrives = [text] }: { text: string; arrives?: string[] },
) {
  const { agent } = cast.stage.desk
  await agentActs(cast, text, () => agent.say(cast.client, text), arrives)
}

export async function agentSends(cast: Cast, { picture }: { picture: Picture }): Promise<void> {
  const { sendFile } = cast.stage.desk.agent
  if (!sendFile) throw new NotSo('agents cannot send files at this desk')
  const arrives = [fileMark(picture.type, picture.data)]
  await agentActs(cast, describe(picture), () => sendFile(cast.client, picture), arrives)
}

/** Shows what the agent says, lets them say it, and waits until it has arrived. */
async function agentActs(cast: Cast, shown: string, act: () => Promise<void>, arrives: string[]) {
  const { stage, screen, signal, phone } = cast
  const { log } = stage.mediator
  const number = log.nextNumber()
  screen.words({ side: 'agent', name: stage.desk.agent.name, label: `#${number}`, text: shown })
  await orAbort(act(), signal)
  const parts = await phone.expect(arrives)
  if (log.nextNumber() !== number + 1) throw new NotSo(`the log tells of other messages than #${number}`)
  if (parts > 1)
    screen.note(`#${number}`, `is on the phone in ${parts} parts of at most ${TEXT_LIMIT} characters`)
}

/** Ends with the flow that takes the client back. */
export async function agentCloses(cast: Cast, { comment }: { comment?: string }): Promise<void> {
  const { stage, screen, client, signal } = cast
  const { agent } = stage.desk
  const close = () => agent.close(client, comment)
  screen.event(`${agent.name} closes the conversation${comment ? ', with a last comment' : ''}.`)
  if (comment) await agentActs(cast, comment, close, [comment])
  else await orAbort(close(), signal)
  await isTold(cast, 'delivered', ({ kind }) => kind === 'end')
  const starts = () => stage.rapidpro.flowStarts.filter(({ flow }) => flow.uuid === stage.endedFlow)
  const start = await until('the flow is started', () => starts()[0], signal)
  if (starts().length > 1) throw new NotSo('the flow for the end was started more than once')
  screen.note('bot', `starts its flow “${start.flow.name}” with ${listed(start.params ?? {})}`)
}

/** What the flow is told, as far as it is something. */
function listed({ reason, agent }: Record<string, unknown>): string {
  const told = Object.entries({ reason, agent }).filter(([, value]) => value)
  return told.map(([key, value]) => `${key} = ${value}`).join(', ')
}

export function deskGoesDown({ stage: { desk }, screen, signal }: Cast): Promise<void> {
  screen.event(`${desk.title} goes down: it refuses every connection.`)
  return orAbort(powerOf(desk).down(), signal)
}

export function deskIsBack({ stage: { desk }, screen, signal }: Cast): Promise<void> {
  screen.event(`${desk.title} is back; the next try comes by itself (2, 5, 15, 30 … s apart).`)
  return orAbort(powerOf(desk).up(), signal)
}

export async function lateWordsArrive(cast: Cast, { texts }: { texts: string[] }): Promise<void> {
  const { stage, window, screen } = cast
  await window.expect(texts, LATE_MS)
  screen.event(`${stage.desk.agent.name} sees what ${CLIENT.name} wrote meanwhile, in order, each once.`)
}

function powerOf({ title, power }: DeskStage): NonNullable<DeskStage['power']> {
  if (!power) throw new NotSo(`${title} cannot be taken down`)
  return power
}
