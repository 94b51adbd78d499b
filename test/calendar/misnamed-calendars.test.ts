import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findMisnamedCalendars } from '../../src/calendar/misnamed-calendars.ts'

let directory: string
const write = (...names: string[]) => {
  for (const name of names) writeFileSync(join(directory, name), '')
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'misnamed-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

it('names each file somebody may have meant for a calendar, and the way out', () => {
  write('working_hours-gt.toml', 'workinghours-gt.yaml', 'working-hours-gt.tml', 'holidays-gt.toml')
  const warnings = findMisnamedCalendars(directory)
  expect(warnings.map(line => line.split(' is not read: ')[0])).toEqual(
    ['holidays-gt.toml', 'working-hours-gt.tml', 'working_hours-gt.toml', 'workinghours-gt.yaml'].map(name =>
      join(directory, name),
    ),
  )
  expect(warnings[0]).toContain('a calendar is named working-hours-<country>.toml')
})

it('passes over what is read or refused elsewhere, what is put aside, and what is nothing like it', () => {
  write('live-agents.toml', 'working-hours-gt.toml', 'WORKING-HOURS-EC.TOML', 'working-hours-gtm.toml')
  write('working-hours-gt.toml.bak', 'working-hours-gt.toml~', '.working-hours-gt.toml.swp', 'notes.txt')
  mkdirSync(join(directory, 'old.toml'))
  expect(findMisnamedCalendars(directory)).toEqual([])
  expect(findMisnamedCalendars(join(directory, 'not there'))).toEqual([])
})
