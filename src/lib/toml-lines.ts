import { DateTime } from 'luxon'

const HEADER = /^\s*(\[\[?)\s*([^\]]+?)\s*\]/
const KEY = /^\s*([\w."'-]+)\s*=/
const BARE_DATE = /^\s*[\w."'-]+\s*=\s*(\d{4}-\d{2}-\d{2})\s*(?:#.*)?$/
const LONG_QUOTE = /"""|'''/g

/**
 * The line (from 1) of a value in a TOML text, or of the nearest table around it: `['gt', 'days', 'holidays', 1,
 * 'end_date']`. It reads headers and keys as calendar files write them, not all of TOML; undefined where
 * that does not suffice.
 */
export function findLine(text: string, path: readonly PropertyKey[]): number | undefined {
  const lines = indexLines(text)
  for (let length = path.length; length > 0; length -= 1) {
    const line = lines.get(path.slice(0, length).join('.'))
    if (line !== undefined) return line
  }
  return undefined
}

/** Bare dates that no calendar has, such as 2026-02-30: the parser takes them for a day of the next month. */
export function findImpossibleDates(text: string): { line: number; value: string }[] {
  return text.split('\n').flatMap((content, index) => {
    const value = BARE_DATE.exec(content)?.[1]
    return value && !DateTime.fromISO(value).isValid ? [{ line: index + 1, value }] : []
  })
}

function indexLines(text: string): Map<string, number> {
  const lines = new Map<string, number>()
  const counts = new Map<string, number>()
  let table = ''
  let isInLongText = false
  for (const [index, content] of text.split('\n').entries()) {
    const path = isInLongText ? undefined : readPath(content, table, counts)
    for (const prefix of listPrefixes(path)) if (!lines.has(prefix)) lines.set(prefix, index + 1)
    if (path && HEADER.test(content)) table = path
    if ((content.match(LONG_QUOTE)?.length ?? 0) % 2 === 1) isInLongText = !isInLongText
  }
  return lines
}

/** `a.b.c` → `a`, `a.b`, `a.b.c`: a header also begins the tables it only names. */
function listPrefixes(path: string | undefined): string[] {
  const parts = path?.split('.') ?? []
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'))
}

/** The full path of what a line begins: a table, the next table of a list, or a key of the present table. */
function readPath(content: string, table: string, counts: Map<string, number>): string | undefined {
  const [, brackets, header] = HEADER.exec(content) ?? []
  const name = (header ?? KEY.exec(content)?.[1])?.replace(/["'\s]/g, '')
  if (name === undefined) return undefined
  if (header === undefined) return table ? `${table}.${name}` : name
  if (brackets === '[') return name
  const count = counts.get(name) ?? 0
  counts.set(name, count + 1)
  return `${name}.${count}`
}
