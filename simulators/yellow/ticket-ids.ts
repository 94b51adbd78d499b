import type { Mode, Ticket } from './types.ts'

declare global {
  interface JSON {
    /** An object that JSON.stringify writes as this text: numbers of any length (TC39, not in TypeScript's libraries yet). */
    rawJSON(text: string): object
  }
}

const FIRST = 25_633n
/** The least from where on doubles lose digits, and an odd number, which they lose. */
const FIRST_HUGE = 2n ** 53n + 1n

/** Ids count up by two, so that huge ones stay odd. */
export function newTicketId(mode: Mode, count: number): Pick<Ticket, 'id' | 'idType'> {
  if (mode === 'string-id') return { id: `TCK-${count + 9}`, idType: 'string' }
  const id = (mode === 'huge-id' ? FIRST_HUGE : FIRST) + 2n * BigInt(count)
  return { id: String(id), idType: 'number' }
}

/** The id for JSON.stringify: with all its digits. */
export function onTheWire({ id, idType }: Pick<Ticket, 'id' | 'idType'>): unknown {
  return idType === 'number' ? JSON.rawJSON(id) : id
}
