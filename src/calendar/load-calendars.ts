import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Calendar } from './calendar.ts'
import { type Calendars, calendarKey } from './calendars.ts'
import { toCountryCode } from './country-code.ts'
import { type Problem, type Reading, readCalendar } from './read-calendar.ts'

const CALENDAR_NAME = /^working-hours.*\.toml$/i
const NAME_PARTS = /^working-hours-([a-z]{2})(?:-([a-z0-9][a-z0-9_-]*))?\.toml$/i

type FileName = { country: string; project?: string | undefined }

/**
 * Reads every `working-hours-<country>.toml` and `working-hours-<country>-<project>.toml` of a directory, once,
 * at start. `problems` lists all that is wrong in all files, each as
 * `<path>:<line>: <what is wrong and how to mend it>`, without the line where it is not known. A directory
 * that does not exist holds no calendars.
 * @throws what the file system throws when the directory is there and cannot be listed.
 */
export function loadCalendars(directory: string): { calendars: Calendars; problems: string[] } {
  const calendars = new Map<string, Calendar>()
  const problems: string[] = []
  for (const file of listCalendarFiles(directory)) {
    const path = join(directory, file)
    const found = loadFile(path, file, calendars)
    problems.push(...found.map(({ line, text }) => `${path}${line === undefined ? '' : `:${line}`}: ${text}`))
  }
  return { calendars, problems }
}

function listCalendarFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter(file => CALENDAR_NAME.test(file))
      .sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Adds the file's calendar to `calendars`, or says what is wrong. */
function loadFile(path: string, file: string, calendars: Map<string, Calendar>): Problem[] {
  const name = readName(file)
  if (!name)
    return [{ text: 'name it working-hours-<country>.toml or working-hours-<country>-<project>.toml' }]
  if (!toCountryCode(name.country)) return [{ text: `"${name.country}" is no ISO 3166 alpha-2 country code` }]
  const key = calendarKey(name.country, name.project)
  if (calendars.has(key)) return [{ text: 'another file has this name but for capital letters: keep one' }]
  const reading = readFile(path, name.country)
  if ('problems' in reading) return reading.problems
  calendars.set(key, reading.calendar)
  return []
}

function readName(file: string): FileName | undefined {
  const [, country, project] = NAME_PARTS.exec(file.toLowerCase()) ?? []
  return country === undefined ? undefined : { country, project }
}

function readFile(path: string, country: string): Reading {
  try {
    return readCalendar(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)), country)
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { problems: [{ text: 'save it as UTF-8' }] }
    return { problems: [{ text: `cannot be read: ${error}` }] }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
