import type { DatabaseSync } from 'node:sqlite'
import { type DeadLetters, prepareDeadLetters } from './dead-letters.ts'
import { type Entries, prepareEntries } from './entries.ts'
import { type Links, prepareLinks } from './links.ts'
import { type Mailboxes, prepareMailboxes } from './mailboxes.ts'
import { prepareReadings, type Readings } from './readings.ts'
import { prepareSeen, type Seen } from './seen.ts'
import { prepareSessions, type Sessions } from './sessions.ts'
import { prepareTallies, type Tallies } from './tallies.ts'

/** Every statement of the driver, prepared once. */
export type Tables = {
  sessions: Sessions
  mailboxes: Mailboxes
  entries: Entries
  seen: Seen
  deadLetters: DeadLetters
  links: Links
  readings: Readings
  tallies: Tallies
  /** Writes something: only so is it known that the disk still takes it. */
  probe(): void
}

export function prepareTables(db: DatabaseSync): Tables {
  const probe = db.prepare('UPDATE probe SET writes = writes + 1')
  return {
    sessions: prepareSessions(db),
    mailboxes: prepareMailboxes(db),
    entries: prepareEntries(db),
    seen: prepareSeen(db),
    deadLetters: prepareDeadLetters(db),
    links: prepareLinks(db),
    readings: prepareReadings(db),
    tallies: prepareTallies(db),
    probe: () => void probe.run(),
  }
}

/** Removes the session with all it holds. Its dead letters stay, so that they can still be looked at. */
export function removeSession(tables: Tables, id: string): void {
  const row = tables.sessions.byId(id)
  if (!row) return
  tables.entries.removeAll(id)
  tables.mailboxes.removeBoth(id)
  tables.seen.removeAll(id)
  tables.sessions.remove(row.session)
}
