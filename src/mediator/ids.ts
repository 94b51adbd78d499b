import { hash, randomBytes } from 'node:crypto'

/** A sender's own id, as ours: the same for the same id, of fixed length, and without anything to read in it. */
export function entryIdOf(senderId: string): string {
  return hash('sha256', senderId, 'base64url').slice(0, 16)
}

/** For what came without an id: never a repeat. */
export function newEntryId(): string {
  return randomBytes(12).toString('base64url')
}

/** The id a desk gets for one entry: stable over retries, unguessable since the session's id is, 17 letters and digits. */
export function deskMessageId(session: string, entry: string): string {
  const digest = hash('sha256', `${session}/${entry}`, 'base64')
  return digest
    .replace(/[^A-Za-z0-9]/g, '')
    .padEnd(17, '0')
    .slice(0, 17)
}
