import { hash, randomBytes } from 'node:crypto'

/** A sender's own id, as ours: the same for the same id, of fixed length, and without anything to read in it. */
export function entryIdOf(senderId: string): string {
  // Half characters have no bytes of their own, and would all be one.
  const exact = senderId.isWellFormed() ? senderId : JSON.stringify(senderId)
  return hash('sha256', exact, 'base64url').slice(0, 16)
}

/** For what came without an id: never a repeat. */
export function newEntryId(): string {
  return randomBytes(12).toString('base64url')
}

/** The id of the nth piece of a message: fit for an address, and known for a piece by the store. */
export function pieceId(message: string, n: number): string {
  return `${message}.${n}`
}

/** The message's id, of its own or that of one of its pieces. */
export function messageOf(entry: string): string {
  return entry.split('.', 1)[0] ?? entry
}

/** The id a desk gets for one entry: stable over retries, unguessable since the session's id is, 17 letters and digits. */
export function deskMessageId(session: string, entry: string): string {
  const digest = hash('sha256', `${session}/${entry}`, 'base64')
  return digest
    .replace(/[^A-Za-z0-9]/g, '')
    .padEnd(17, '0')
    .slice(0, 17)
}
