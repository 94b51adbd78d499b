import { z } from 'zod'
import type { Print } from './print.ts'

/**
 * What of one conversation has been passed on, so that a replay of its history brings only what has not. Kept as the
 * cursor, by which another replica goes on.
 */
export type Ledger = {
  /** For what is heard live: whether exactly this, by its id or time, has been passed on. */
  knows(print: Print): boolean
  /** For a replay, in its order: which of it is new. What has neither id nor time is counted: a second "ok" is new. */
  news(prints: Print[]): boolean[]
  /** Puts it down as passed on; gives how many are, this one included. */
  add(print: Print): number
  /** Who is in the conversation on the agents' side, by the digests of their ids. */
  present: Set<string>
  /** As JSON. */
  cursor(): string
}

/** Far more than any replay was seen to hold; with all of them a cursor is still below 5 kB. */
const MOST_MARKS = 200

/** `content.id.time`, each part perhaps empty but the first. */
const cursorText = z.object({
  /** Passed on in all; more than there are marks once the oldest have been given up. */
  n: z.int().min(0),
  marks: z.array(z.string()),
  present: z.array(z.string()),
})

export function createLedger(cursor?: string): Ledger {
  const kept = readCursor(cursor)
  const marks = kept.marks.map(fromMark)
  const present = new Set(kept.present)
  let { n } = kept
  return {
    present,
    knows: print => marks.some(mark => isExactly(mark, print)),
    news: prints => newsAmong(prints, marks, n > marks.length),
    add(print) {
      marks.push(print)
      if (marks.length > MOST_MARKS) marks.shift()
      n += 1
      return n
    },
    cursor: () => JSON.stringify({ n, marks: marks.map(toMark), present: [...present] }),
  }
}

function readCursor(cursor: string | undefined): z.infer<typeof cursorText> {
  try {
    return cursorText.parse(JSON.parse(cursor ?? ''))
  } catch {
    return { n: 0, marks: [], present: [] }
  }
}

function toMark({ content, id = '', time = '' }: Print): string {
  return `${content}.${id}.${time}`
}

function fromMark(mark: string): Print {
  const [content = '', id, time] = mark.split('.')
  return { content, ...(id && { id }), ...(time && { time }) }
}

function isExactly(mark: Print, print: Print): boolean {
  if (mark.id && print.id) return mark.id === print.id
  return mark.time !== undefined && mark.time === print.time && mark.content === print.content
}

/** A live message may lack what its replay has, and the other way round: then what was said must do. */
function mayBe(mark: Print, print: Print): boolean {
  if (mark.id && print.id) return mark.id === print.id
  if (mark.time && print.time) return isExactly(mark, print)
  return mark.content === print.content
}

/** Each mark stands for one message of the replay. `isCut`: the replay may begin before the oldest mark. */
function newsAmong(prints: Print[], marks: Print[], isCut: boolean): boolean[] {
  const left = [...marks]
  const isNew = prints.map(print => !takeFrom(left, print))
  // Everything is passed on in order: what stands before something known was known once.
  const known = isCut ? isNew.lastIndexOf(false) : -1
  return isNew.map((one, index) => one && index > known)
}

/** Takes the mark of this message out of `marks`, if there is one. */
export function takeFrom(marks: Print[], print: Print): boolean {
  const exact = marks.findIndex(mark => isExactly(mark, print))
  const at = exact >= 0 ? exact : marks.findIndex(mark => mayBe(mark, print))
  if (at >= 0) marks.splice(at, 1)
  return at >= 0
}
