import type { WebhookOutcome } from '../simulators/rapidpro/index.ts'
import { entryIdOf } from '../src/mediator/ids.ts'
import { type Cast, describe, isTold, NOTICE, orAbort } from './cast.ts'
import type { Picture } from './picture.ts'
import { CLIENT } from './script.ts'
import { NotSo } from './until.ts'
import { fileMark, kindOf } from './witness.ts'

export function botSays({ stage, screen, client }: Cast, { text }: { text: string }): void {
  stage.rapidpro.addHistory(client.uuid, [{ from: 'bot', text }])
  screen.words({ side: 'client', name: 'Bot', style: 'magenta', text })
}

export function clientSaysToBot({ stage, screen, client }: Cast, { text }: { text: string }): void {
  stage.rapidpro.addHistory(client.uuid, [{ from: 'client', text }])
  screen.words({ side: 'client', name: CLIENT.name, text })
}

export async function handOver(cast: Cast, { arrives }: { arrives?: string }): Promise<void> {
  const { stage, screen, client, signal, phone } = cast
  const { rapidpro, mediator, token, desk } = stage
  const { department } = desk
  screen.event(`The bot hands ${CLIENT.name} over: registerClient, department ${department}.`)
  const options = { mediatorUrl: mediator.url, token, contact: client.uuid, department }
  cast.flow = await orAbort(rapidpro.startRelayFlow(options), signal)
  const { registration } = cast.flow
  check(registration, 200)
  await isTold(cast, 'delivered', ({ kind }) => kind === 'open')
  if (arrives) await phone.expect([arrives])
  screen.note('bot', `is answered 200: ${registration.msg}`)
  if (arrives) screen.words({ side: 'client', ...NOTICE, text: arrives })
}

export async function clientSays(cast: Cast, { text }: { text: string }): Promise<void> {
  check(await relay(cast, text), 200)
  await cast.window.expect([text])
}

export async function clientSends(cast: Cast, { picture }: { picture: Picture }): Promise<void> {
  check(await relay(cast, '', picture), 200)
  await cast.window.expect([fileMark(kindOf(picture.type), picture.data)])
}

/** While the desk is down. */
export async function clientSaysInVain(cast: Cast, { text }: { text: string }): Promise<void> {
  const said = relay(cast, text)
  const entry = lastEntry(cast)
  check(await said, 202)
  await isTold(cast, 'accepted', line => line.entry === entry)
  cast.screen.note(labelOf(cast, entry), 'the bot is answered 202: kept, goes on by itself')
}

function relay(cast: Cast, text: string, picture?: Picture): Promise<WebhookOutcome | null> {
  const { stage, flow, signal, screen } = cast
  if (!flow) throw new NotSo('the client says something before the hand-over')
  const files = picture ? [{ content_type: picture.type, url: stage.rapidpro.hostFile(picture) }] : []
  const said = flow.clientSays(text, files)
  const label = labelOf(cast, lastEntry(cast))
  screen.words({ side: 'client', name: CLIENT.name, label, text: picture ? describe(picture) : text })
  return orAbort(said, signal)
}

/** What the mediator calls the message that the client has just sent. */
function lastEntry({ stage, client }: Cast): string {
  return entryIdOf(stage.rapidpro.state.messagesByContact.get(client.uuid)?.at(-1)?.uuid ?? '')
}

function labelOf({ stage }: Cast, entry: string): string {
  return `#${stage.mediator.log.numberOf(entry)}`
}

function check(outcome: WebhookOutcome | null, status: number): void {
  if (outcome?.status === status) return
  const got = outcome ? `${outcome.status ?? outcome.error}: ${outcome.msg ?? ''}` : 'nothing'
  throw new NotSo(`the bot is answered ${got}; ${status} was due`)
}
