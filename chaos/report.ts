import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine } from './machine.ts'
import type { Options } from './options.ts'
import type { Result, Spread } from './verdict.ts'

const README = join(import.meta.dirname, '../README.md')
const BEGIN = '<!-- chaos:begin -->'
const END = '<!-- chaos:end -->'
const MOST_BROKEN = 20

const COLUMNS: [title: string, of: (result: Result) => string | number][] = [
  ['scenario', ({ scenario }) => scenario],
  ['messages', ({ messages }) => messages],
  ['lost', ({ lost }) => lost],
  ['reordered', ({ reordered }) => reordered],
  ['doubled, with id', ({ doubledWithId }) => doubledWithId],
  ['doubled, without id (excused)', one => `${one.doubledWithoutId} (${one.excused})`],
  ['accept p50 / p95 / p99 ms', ({ accept }) => show(accept)],
  ['delivery p50 / p95 / p99 ms', ({ delivery }) => show(delivery)],
]

function show(spread: Spread): string {
  return spread.map(value => (Number.isNaN(value) ? '–' : Math.round(value))).join(' / ')
}

/** The results as a Markdown table. */
export function tableOf(results: Result[]): string {
  const row = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
  const rule = COLUMNS.map((_, i) => (i === 0 ? '---' : '---:'))
  const rows = results.map(result => row(COLUMNS.map(([, of]) => of(result))))
  return [row(COLUMNS.map(([title]) => title)), row(rule), ...rows].join('\n')
}

/** The text with what stands between the markers replaced. Throws where the markers are missing. */
export function withReport(text: string, report: string): string {
  const from = text.indexOf(BEGIN)
  const to = text.indexOf(END)
  if (from < 0 || to < from) throw new Error(`there must be ${BEGIN} and, after it, ${END}`)
  return `${text.slice(0, from + BEGIN.length)}\n\n${report}\n\n${text.slice(to)}`
}

/** Rewrites the table in README.md. */
export async function writeReport(results: Result[], { seed }: Options): Promise<void> {
  const about = `${await describeMachine()} Seed ${seed}.`
  writeFileSync(README, withReport(readFileSync(README, 'utf8'), `${about}\n\n${tableOf(results)}`))
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
  const answers = Object.entries(refusals).map(([status, count]) => `${count} × ${status}`)
  const lines = [
    `${broken.length === 0 ? 'kept' : 'BROKEN'}: ${scenario}, ${seconds} s, ${scrapes} scrapes`,
    ...COLUMNS.slice(1).map(([title, of]) => `  ${title}: ${of(result)}`),
    `  unexcused ${unexcused}, never acknowledged ${unacknowledged}, notices ${notices}, answers ${answers.join(', ') || 'all 2xx'}`,
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
