import { hash } from 'node:crypto'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const BARE_UUID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i

/**
 * The client's id as Aivo recommends it: letters and digits, which can be read back. One that is no UUID may hold anything
 * (`_`, blanks, a phone number), so it becomes a digest; that cannot be read back, and need not be: events name their
 * conversation as well. Its 40 digits are never taken for the 32 of a UUID.
 */
export function toHash(client: string): string {
  return UUID.test(client) ? client.replaceAll('-', '') : hash('sha256', client, 'hex').slice(0, 40)
}

/** The client of a hash; undefined when it is none of ours. Aivo adds `_` and the bot's token to some, ours never hold a `_`. */
export function fromHash(given: string | undefined): string | undefined {
  const parts = BARE_UUID.exec(given?.split('_', 1)[0] ?? '')
  return parts?.slice(1).join('-')
}
