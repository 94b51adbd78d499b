import { expect } from 'vitest'
import type { Letter, Work } from '../../src/store/store.ts'

/** Two books of every mailbox, kept from the store's own answers: the messages it owes, and those it handed out. */
export type Ledger = {
  owe(session: string, letter: Letter): void
  /** A dead letter, by its id, was put back. */
  oweAgain(deadLetter: string): void
  handOut(work: Work): void
  /** An abandoned session owes nothing. */
  strike(session: string): void
  /** Each message was handed out in the order it was accepted, all of them, none a second time once it was done. */
  balance(): void
}

export function createLedger(): Ledger {
  const owed = new Map<string, string[]>()
  const handedOut = new Map<string, string[]>()
  return {
    owe(session, { direction, entries }) {
      for (const { id } of entries) write(owed, `${session}.${direction === 'to_agent' ? 'a' : 'c'}`, id)
    },
    oweAgain(deadLetter) {
      const [session, letter, id = ''] = deadLetter.split('.')
      write(owed, `${session}.${letter}`, id)
    },
    handOut({ turn, head }) {
      write(handedOut, `${turn.session}.${turn.direction === 'to_agent' ? 'a' : 'c'}`, head.id)
    },
    strike(session) {
      for (const book of [owed, handedOut])
        for (const letter of ['a', 'c']) book.delete(`${session}.${letter}`)
    },
    balance: () => expect(Object.fromEntries(handedOut)).toEqual(Object.fromEntries(owed)),
  }
}

/** Only messages are booked. A head handed out again, and the parts of one message, are one line. */
function write(book: Map<string, string[]>, mailbox: string, id: string): void {
  const message = id.split('.', 1)[0] ?? ''
  if (!/^m\d/.test(message)) return
  const lines = book.get(mailbox) ?? []
  if (lines.at(-1) !== message) book.set(mailbox, [...lines, message])
}
