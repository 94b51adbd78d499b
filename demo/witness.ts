import { createHash } from 'node:crypto'
import type { PhoneMessage, Rapidpro } from '../simulators/rapidpro/index.ts'
import type { Person, Shown } from '../simulators/stage.ts'
import { TEXTS } from './config-files.ts'
import type { LogFollower } from './follow-log.ts'
import type { Stage } from './stage.ts'
import { NotSo, until } from './until.ts'

/** What one side has really been shown: every text once, in order; a file counts by its bytes. */
export type Witness = {
  /**
   * Waits until these come next, up to `patienceMs` for each, and until the mediator's log tells of them; says in how many
   * messages. Throws NotSo.
   */
  expect(texts: string[], patienceMs?: number): Promise<number>
  /** Throws NotSo when there came more than was expected. */
  expectNoMore(): void
}

/** How a file is written down; `type` is its content type, or the first word of it. */
export function fileMark(type: string, data: Buffer | undefined): string {
  const sum = data ? createHash('sha256').update(data).digest('hex').slice(0, 12) : 'nowhere to be found'
  return `[${type} ${sum}]`
}

/** Does not count that words are late: whether the client is told depends on how soon the desk is found to be back. */
export function watchPhone({ rapidpro, mediator }: Stage, contact: string, signal: AbortSignal): Witness {
  const media = () => [...rapidpro.state.media.values()]
  const write = ({ text, attachments }: PhoneMessage) => {
    const files = attachments.map(({ content_type, url }) =>
      fileMark(content_type, media().find(one => one.url === url)?.data),
    )
    return text + files.join('')
  }
  const all = () => rapidpro.messagesTo(contact)
  const read = () => all().filter(isCounted).map(write)
  const told = () => countDelivered(mediator.log, 'to_client') - (all().length - read().length)
  return createWitness('the phone', read, told, signal)
}

function isCounted({ text }: PhoneMessage): boolean {
  return text !== TEXTS.delayed
}

/** Desks name a file's kind in words of their own, so only the first word of its type counts there. */
export function watchDesk({ desk, rapidpro, mediator }: Stage, person: Person, signal: AbortSignal): Witness {
  const read = () => desk.shown(person).map(shown => writeShown(rapidpro, shown))
  return createWitness('the desk', read, () => countDelivered(mediator.log, 'to_agent'), signal)
}

/** A file may be shown as its bytes, as its address, or, where the desk has none, as a text that is its address. */
function writeShown(rapidpro: Rapidpro, { text, file }: Shown): string {
  if (file) return text + fileMark(kindOf(file.type), file.data ?? sentFile(rapidpro, file.url ?? '')?.data)
  const linked = sentFile(rapidpro, text)
  return linked ? fileMark(kindOf(linked.type), linked.data) : text
}

/** What the client sent, by its address. */
function sentFile({ url, state }: Rapidpro, address: string): { type: string; data: Buffer } | undefined {
  const path = address.startsWith(`${url}/`) ? address.slice(url.length) : ''
  const file = state.hosting.open(path)
  return file === 'denied' ? undefined : file
}

/** `image` of `image/png`. */
export function kindOf(type: string): string {
  return type.split('/', 1)[0] ?? type
}

function countDelivered(log: LogFollower, direction: string): number {
  const kinds = ['message', 'notice']
  const isIt = (line: LogFollower['lines'][number]) =>
    line.msg === 'delivered' && line.direction === direction && kinds.includes(line.kind ?? '')
  return log.lines.filter(isIt).length
}

function createWitness(
  place: string,
  read: () => string[],
  told: () => number,
  signal: AbortSignal,
): Witness {
  let seen = 0
  const isNext = async (text: string, patienceMs?: number) => {
    const shown = () => partsOf(text, read().slice(seen)).join(' ')
    const what = () => `${place} shows “${text}”; it shows “${shown()}”`
    await until(what, () => shown().length >= text.length, signal, patienceMs)
    if (shown() !== text) throw new NotSo(`${place} shows “${shown()}” in place of “${text}”`)
    seen += partsOf(text, read().slice(seen)).length
  }
  return {
    async expect(texts, patienceMs) {
      const before = seen
      for (const text of texts) await isNext(text, patienceMs)
      await until(`the log tells what ${place} was sent`, () => told() >= seen, signal)
      return seen - before
    },
    expectNoMore() {
      const surplus = read().slice(seen)
      if (surplus.length > 0) throw new NotSo(`${place} shows too much: ${surplus.join(' | ')}`)
    },
  }
}

/** As many as the text needs: a long one comes in parts, cut at blanks. */
function partsOf(text: string, shown: string[]): string[] {
  const count = shown.findIndex((_part, index) => shown.slice(0, index + 1).join(' ').length >= text.length)
  return count < 0 ? shown : shown.slice(0, count + 1)
}
