import { createHash } from 'node:crypto'
import type { PhoneMessage } from '../simulators/rapidpro/index.ts'
import type { Message } from '../simulators/rocketchat/index.ts'
import type { LogFollower } from './follow-log.ts'
import type { Stage } from './stage.ts'
import { NotSo, until } from './until.ts'

/** What one side has really been shown: every text once, in order; a file counts by its bytes. */
export type Witness = {
  /** Waits until these come next, and until the mediator's log tells of them; says in how many messages. Throws NotSo. */
  expect(texts: string[]): Promise<number>
  /** Throws NotSo when there came more than was expected. */
  expectNoMore(): void
}

/** How a file is written down. */
export function fileMark(type: string, data: Buffer | undefined): string {
  const sum = data ? createHash('sha256').update(data).digest('hex').slice(0, 12) : 'nowhere to be found'
  return `[${type} ${sum}]`
}

export function watchPhone({ rapidpro, mediator }: Stage, contact: string, signal: AbortSignal): Witness {
  const media = () => [...rapidpro.state.media.values()]
  const write = ({ text, attachments }: PhoneMessage) => {
    const files = attachments.map(({ content_type, url }) =>
      fileMark(content_type, media().find(one => one.url === url)?.data),
    )
    return text + files.join('')
  }
  const read = () => rapidpro.messagesTo(contact).map(write)
  return createWitness('the phone', read, () => countDelivered(mediator.log, 'to_client'), signal)
}

export function watchDesk({ rocketchat, mediator }: Stage, contact: string, signal: AbortSignal): Witness {
  const { state } = rocketchat
  const write = ({ msg, file }: Message) =>
    msg + (file ? fileMark(file.type, state.uploads.get(file._id)?.data) : '')
  const read = () =>
    [...state.messages.values()].filter(({ token, t }) => token === contact && t === undefined).map(write)
  return createWitness('the desk', read, () => countDelivered(mediator.log, 'to_agent'), signal)
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
  const isNext = async (text: string) => {
    const shown = () => partsOf(text, read().slice(seen)).join(' ')
    const what = () => `${place} shows “${text}”; it shows “${shown()}”`
    await until(what, () => shown().length >= text.length, signal)
    if (shown() !== text) throw new NotSo(`${place} shows “${shown()}” in place of “${text}”`)
    seen += partsOf(text, read().slice(seen)).length
  }
  return {
    async expect(texts) {
      const before = seen
      for (const text of texts) await isNext(text)
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
