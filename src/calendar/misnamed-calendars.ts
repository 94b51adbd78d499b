import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Read, or refused with what is wrong with it, by `loadCalendars` and `readSettings`. */
const READ = /^working-hours.*\.toml$|^live-agents\.toml$/i
const LIKE_A_CALENDAR = /\.toml$|^working.?hours[^.]*\.\w+$/i

/**
 * Files of the configuration's directory that nobody reads although somebody may have meant them to be calendars: a line for
 * each, with its path and the way out.
 */
export function findMisnamedCalendars(directory: string): string[] {
  return listFiles(directory)
    .filter(name => LIKE_A_CALENDAR.test(name) && !READ.test(name))
    .map(
      name =>
        `${join(directory, name)} is not read: a calendar is named working-hours-<country>.toml, or working-hours-<country>-<project>.toml`,
    )
}

function listFiles(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.flatMap(entry => (entry.isDirectory() ? [] : entry.name)).sort()
  } catch {
    return []
  }
}
