import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine } from './machine.ts'
import { mergeRuns, type Row } from './merge.ts'
import type { Options } from './options.ts'
import type { Result, Spread } from './verdict.ts'

const README = join(import.meta.dirname, '../README.md')
const BEGIN = '<!-- chaos:begin -->'
const END = '<!-- chaos:end -->'
const MOST_BROKEN = 20

const COLUMNS: [title: string, of: (row: Row) => string | number][] = [
  ['scenario', ({ scenario }) => scenario],
  ['messages', ({ messages }) => messages],
  ['lost', ({ lost }) => lost],
  ['reordered', ({ reordered }) => reordered],
  ['doubled, with id', ({ doubledWithId }) => doubledWithId],
  ['doubled, without id (excused)', one => `${one.doubledWithoutId} (${one.excused})`],
  ['answered after, ms: p50 / p95 / p99', ({ accept }) => show(accept)],
  ['asked to arrived, ms: p50 / p95 / p99', ({ delivery }) => show(delivery)],
]

function show(spread: Spread): string {
  return spread.map(value => (Number.isNaN(value) ? '–' : Math.round(value))).join(' / ')
}

/** The results as a Markdown table, with what was played more often than once put together. */
export function tableOf(results: Result[]): string {
  const row = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
  const rule = COLUMNS.map((_, i) => (i === 0 ? '---' : '---:'))
  const rows = mergeRuns(results).map(result => row(COLUMNS.map(([, of]) => of(result))))
  return [row(COLUMNS.map(([title]) => title)), row(rule), ...rows].join('\n')
}

/** The text with what stands between the markers replaced. Throws where the markers are missing. */
export function withReport(text: string, report: string): string {
  const from = text.indexOf(BEGIN)
  const to = text.indexOf(END)
  if (from < 0 || to < from) throw new Error(`there must be ${BEGIN} and, after it, ${END}`)
  return `${text.slice(0, from + BEGIN.length)}\n\n${report}\n\n${text.slice(to)}`
}

/** Throws where README.md has no place for the table: better before a long run than after it. */
export function checkReport(): void {
  withReport(readFileSync(README, 'utf8'), '')
}

/** Rewrites the table in README.md. */
export async function writeReport(results: Result[], options: Options): Promise<void> {
  const about = `${await describeMachine()} ${describeRuns(options)}`
  writeFileSync(README, withReport(readFileSync(README, 'utf8'), `${about}\n\n${tableOf(results)}`))
}

/** What was played, and what the columns of the table mean. */
function describeRuns({ seeds, messages, short }: Options): string {
  const runs = seeds.length > 1 ? `Seeds ${seeds.join(', ')}, put together` : `Seed ${seeds[0]}`
  const form = short ? 'The short form: at' : 'At'
  return `${runs}. ${form} least ${messages} messages each way in each run.
_Answered after_ is how long the call took that was answered 2xx. _Asked to arrived_ counts from the first time that the
message was offered (an agent's: from when it was written) until the other side had it, outages included; of several
runs the worst.`
}

/** What a scenario came to, for who watches the run. */
export function resultLines(result: Result, replay: string): string {
  const {
    scenario,
    seconds,
    scrapes,
    unacknowledged,
    notices,
    refusals,
    unexcused,
    broken,
    notes,
    complaints,
  } = result
  const lines = [
    `${broken.length === 0 ? 'kept' : 'BROKEN'}: ${scenario}, ${seconds} s, ${scrapes} scrapes`,
    ...COLUMNS.slice(1).map(([title, of]) => `  ${title}: ${of(result)}`),
    `  unexcused ${unexcused}, never acknowledged ${unacknowledged}, notices ${notices}, ${describeRefusals(refusals)}`,
  ]
  for (const [text, count] of Object.entries(complaints))
    lines.push(`  logged as an error ${count} times: ${text}`)
  if (broken.length === 0) return lines.join('\n')
  const more = broken.length > MOST_BROKEN ? [`  … and ${broken.length - MOST_BROKEN} more`] : []
  const story = [
    ...broken.slice(0, MOST_BROKEN).map(line => `  ! ${line}`),
    ...more,
    ...notes.map(one => `  ${one}`),
  ]
  return [...lines, ...story, `  again: ${replay}`].join('\n')
}

function describeRefusals(refusals: Result['refusals']): string {
  const answers = Object.entries(refusals).map(([status, count]) =>
    status === '0' ? `${count} calls cut or not answered in 15 s` : `${count} answered ${status}`,
  )
  return answers.length > 0
    ? `clients' calls to be repeated: ${answers.join(', ')}`
    : 'every call answered 2xx'
}
