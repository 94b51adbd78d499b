import { parse, TomlError } from 'smol-toml'
import type { z } from 'zod'
import { findImpossibleDates, findLine } from '../lib/toml-lines.ts'
import type { Calendar } from './calendar.ts'
import { countryTable } from './schema.ts'

/** What is wrong in a calendar text; `line` counts from 1 and is missing where it is not known. */
export type Problem = { line?: number | undefined; text: string }

/** Either the calendar or all that is wrong with it. A TOML syntax error hides what comes after it. */
export type Reading = { calendar: Calendar } | { problems: Problem[] }

/**
 * Reads the text of a calendar file, whose only root table bears the country's lower-case alpha-2 code:
 *
 *     [gt]
 *     time_zone = 'Etc/GMT+6'
 *     workingDayMessage = '…'
 *     [[gt.days.workingDays]]
 *     day = "monday"
 *     start_time = "8:00"
 *     end_time = "17:00"
 *     [[gt.days.holidays]]
 *     day = "…"
 *     start_date = "2026-12-25"
 *     end_date = "2026-12-25"
 *     message = '…'
 */
export function readCalendar(text: string, country: string): Reading {
  try {
    return readRoot(parse(text), text, country)
  } catch (error) {
    if (error instanceof TomlError) return { problems: [describeSyntaxError(error, text)] }
    throw error
  }
}

function readRoot(root: Record<string, unknown>, text: string, country: string): Reading {
  const table = countryTable.safeParse(root[country])
  const problems = [...findStrangers(root, text, country), ...describeImpossibleDates(text)]
  if (table.success && problems.length === 0) return { calendar: { country, ...table.data } }
  // A misnamed root table is one mistake: that the right one is missing need not be said as well.
  if (table.success || (problems.length > 0 && root[country] === undefined)) return { problems }
  const issues = table.error.issues.map(issue => describeIssue(issue, text, country))
  return { problems: [...problems, ...issues].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
}

function findStrangers(root: Record<string, unknown>, text: string, country: string): Problem[] {
  return Object.keys(root)
    .filter(key => key !== country)
    .map(key => ({
      line: findLine(text, [key]),
      text: `"${key}" does not belong here: this file has one root table, [${country}]`,
    }))
}

function describeImpossibleDates(text: string): Problem[] {
  return findImpossibleDates(text).map(({ line, value }) => ({ line, text: `no month has the day ${value}` }))
}

function describeIssue(issue: z.core.$ZodIssue, text: string, country: string): Problem {
  const path = [country, ...issue.path]
  const name = path.length === 1 ? `[${country}]` : String(path.findLast(key => typeof key === 'string'))
  if (issue.code !== 'unrecognized_keys')
    return { line: findLine(text, path), text: `${name} ${issue.message}` }
  const keys = issue.keys.map(key => `"${key}"`).join(', ')
  return {
    line: findLine(text, [...path, issue.keys[0] ?? '']),
    text: `${keys} is not known in ${name}: check the spelling`,
  }
}

function describeSyntaxError(error: TomlError, text: string): Problem {
  const reason = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '')
  const content = text.split('\n')[error.line - 1]?.trim() ?? ''
  const mending = /[“”„‘’]/.test(content)
    ? 'replace curly quotes by straight ones (" or \'), in the whole file'
    : 'texts and times such as "8:00" stand between straight quotes, every key once, every table in [ ]'
  return { line: error.line, text: `${content} is not TOML (${reason}): ${mending}` }
}
