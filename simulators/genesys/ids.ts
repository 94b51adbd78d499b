import { randomBytes, randomUUID } from 'node:crypto'

/** A customer's chat at GWS. */
export const newChatId = randomUUID

let lastNumber = 0xb26ef

/** `0000Na9B26EF002X`: an interaction, as seats know it. */
export function newInteractionId(): string {
  lastNumber += 1
  return `0000Na9${lastNumber.toString(36).toUpperCase().padStart(7, '0')}2X`
}

/** A user's id, and GMS' `userId` and `secureKey`. */
export function newHexId(bytes = 16): string {
  return randomBytes(bytes).toString('hex')
}
